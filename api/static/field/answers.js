// What a person said, could not say or was not asked: four different things, and none of them is "no".
// Accepts exactly what the service accepts, so that what was evaluated here can always be sent.

import { readPartialDay } from "./days.js";
import { entries, flag, inOrder, integer, list, member, orNull, record, Refused, text } from "./values.js";

const WITHOUT_VALUE = ["not_known", "declined", "not_asked"];
const LONGEST_TEXT = 20000;
const KEYS = ["state", "value", "complete"];
const ENDS = ["from", "to"];

/** A number that lies between two ends, either of which may be null. */
export class Range {
  constructor(first, last) {
    this.first = first;
    this.last = last;
  }
}

/** A day, or the month or year it lies in: every day from `first` to `last` is possible. */
export class Day {
  constructor(first, last, written) {
    this.first = first;
    this.last = last;
    this.written = written;
  }
}

/** The answers of an interview by question, sorted: `{state, value, complete}`, `value` null without one. */
export function readAnswers(questions, given) {
  const answers = new Map();
  for (const [key, raw] of entries(given, "answers")) {
    const name = readText(key, "answers");
    const question = questions.get(name);
    if (question === undefined) throw new Refused("answers", "must be to questions of the program");
    if (answers.has(name)) throw new Refused(`answers.${name}`, "must be given once");
    answers.set(name, readAnswer(question, raw, `answers.${name}`));
  }
  return new Map([...answers].sort(([one], [other]) => inOrder(one, other)));
}

/** An answer as plain JSON; reading it again gives an equal answer. */
export function writeAnswer(answer) {
  if (answer.state !== "value") return { state: answer.state };
  const value = writeValue(answer.value);
  return answer.complete ? { value, complete: true } : value;
}

function writeValue(value) {
  if (value instanceof Day) return value.written;
  if (!(value instanceof Range)) return value;
  const ends = [
    ["from", value.first],
    ["to", value.last],
  ];
  return Object.fromEntries(ends.filter(([, end]) => end !== null));
}

function readAnswer(question, raw, place) {
  if (!isMapping(raw) || isRange(raw)) return said(question, readValue(question, raw, false, place), false);
  const answer = record(raw, place);
  onlyKeys(answer, KEYS, place);
  if (!Object.hasOwn(answer, "state")) {
    const complete = Object.hasOwn(answer, "complete") && flag(answer.complete, place);
    if (Object.hasOwn(answer, "complete") && question.type !== "several_choices") {
      throw new Refused(place, "can be complete only with several choices");
    }
    return said(question, readValue(question, member(answer, "value", place), complete, place), complete);
  }
  onlyKeys(answer, ["state"], place);
  if (!WITHOUT_VALUE.includes(answer.state)) throw new Refused(place, "must have a known state");
  return { state: answer.state, value: null, complete: false };
}

function said(question, value, complete) {
  const none = Array.isArray(value) && question.exclusive !== null && value.includes(question.exclusive);
  return { state: "value", value, complete: complete || none };
}

const READERS = new Map([
  ["yes_no", (question, raw, complete, place) => readOption(["yes", "no"], raw, place)],
  ["one_choice", (question, raw, complete, place) => readOption(question.options, raw, place)],
  ["several_choices", readOptions],
  ["whole_number", (question, raw, complete, place) => readNumber(question, raw, place)],
  ["number_range", (question, raw, complete, place) => readRange(question, raw, place)],
  ["date", (question, raw, complete, place) => readDate(raw, place)],
  ["free_text", (question, raw, complete, place) => readFreeText(raw, place)],
]);

export const QUESTION_TYPES = [...READERS.keys()];

function readValue(question, raw, complete, place) {
  return READERS.get(question.type)(question, raw, complete, place);
}

function readOption(options, raw, place) {
  const option = readText(raw, place);
  if (!options.includes(option)) throw new Refused(place, "must be one of the options");
  return option;
}

function readOptions(question, raw, complete, place) {
  const chosen = list(raw, place).map((one) => readOption(question.options, one, place));
  // An empty list would count as a value and let a result be low without anything having been said.
  if (chosen.length === 0 && !complete) throw new Refused(place, "must name an option or be complete");
  if (new Set(chosen).size !== chosen.length) throw new Refused(place, "must name each option once");
  if (chosen.length > 1 && question.exclusive !== null && chosen.includes(question.exclusive)) {
    throw new Refused(place, "must not have the exclusive option and others");
  }
  return chosen.sort(inOrder);
}

function readNumber(question, raw, place) {
  const number = integer(raw, place);
  if (question.least !== null && number < question.least) throw new Refused(place, "is too small");
  if (question.most !== null && number > question.most) throw new Refused(place, "is too large");
  return number;
}

function readRange(question, raw, place) {
  if (!isMapping(raw)) return readNumber(question, raw, place);
  onlyKeys(record(raw, place), ENDS, place);
  const [first, last] = ENDS.map((key) => {
    const end = Object.hasOwn(raw, key) ? raw[key] : null;
    return orNull(end, (one) => readNumber(question, one, place), place);
  });
  if (first === null && last === null) throw new Refused(place, "must have one end");
  if (first !== null && last !== null && first > last)
    throw new Refused(place, "must not end before it begins");
  return first !== null && first === last ? first : new Range(first, last);
}

function readDate(raw, place) {
  const written = readText(raw, place);
  const day = readPartialDay(written);
  if (day === null) throw new Refused(place, "must be a day, a month or a year");
  return new Day(day.first, day.last, written);
}

function readFreeText(raw, place) {
  const written = readText(raw, place);
  // Characters and not code units, as the service counts them.
  if (written.trim() === "" || Array.from(written).length > LONGEST_TEXT) {
    throw new Refused(place, `must have between 1 and ${LONGEST_TEXT} characters`);
  }
  return written;
}

/** A text in Unicode's composed form, without what no file may hold. */
function readText(raw, place) {
  const written = text(raw, place);
  for (let at = 0; at < written.length; at += 1) {
    if (isForbidden(written.charCodeAt(at))) throw new Refused(place, "must not hold control characters");
  }
  return written.normalize("NFC");
}

function isForbidden(unit) {
  if (unit < 0x20) return unit !== 0x09 && unit !== 0x0a && unit !== 0x0d;
  if (unit >= 0x7f && unit <= 0x9f) return true;
  if (unit === 0x2028 || unit === 0x2029 || unit === 0xfeff) return true;
  return (unit >= 0xfdd0 && unit <= 0xfdef) || unit >= 0xfffe;
}

function isMapping(raw) {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** Whether a mapping is meant as a range and not as an answer with a state or a value. */
function isRange(raw) {
  const has = (key) => Object.hasOwn(raw, key);
  return ENDS.some(has) && !KEYS.some(has);
}

function onlyKeys(mapping, known, place) {
  for (const key of Object.keys(mapping)) {
    if (!known.includes(key)) throw new Refused(place, `must have nothing but ${known.join(", ")}`);
  }
}
