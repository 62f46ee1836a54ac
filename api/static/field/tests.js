// Deciding one test on one answer that has a value: true, false or unknown.
//
// A truth is two bits, *may be true* and *is true*. The language has no "not", so that *and* and *or* are `&`
// and `|`, and no bit ever looks at its neighbour: see expressions.js.

import { Day, Range } from "./answers.js";
import { daysBefore, readDay, UNITS } from "./days.js";
import { count, integer, list, member, oneOf, record, Refused, text } from "./values.js";

export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 3;

const OPERATORS = new Map([
  ["yes_no", ["is"]],
  ["one_choice", ["is", "is_not", "is_one_of"]],
  ["several_choices", ["includes", "includes_any_of"]],
  ["whole_number", ["is", "at_least", "at_most", "more_than", "less_than"]],
  ["number_range", ["at_least", "at_most", "more_than", "less_than"]],
  ["date", ["before", "after", "at_least_ago", "less_than_ago"]],
  ["free_text", []],
]);
const AGO = ["at_least_ago", "less_than_ago"];
const COUNTING = ["is", "at_least", "at_most", "more_than", "less_than"];

/**
 * A test of the program: `decide(answer, asOf, thresholds)`, the bits it has for an answer with a value.
 *
 * `thresholds` are the values its parameter could have that day, null where one of them is missing.
 */
export function compileTest(written, question, parameters, place) {
  const op = oneOf(member(written, "op", place), OPERATORS.get(question.type), place);
  const value = member(written, "value", place);
  const parameter = member(written, "parameter", place);
  if (parameter === null) {
    const decide = AGO.includes(op) ? compareSpan(op, value, place) : compile(op, value, question, place);
    return { question: question.id, parameter: null, decide };
  }
  const named = parameters.get(text(parameter, place));
  if (named === undefined || value !== null) throw new Refused(place, "must name a parameter and no value");
  const against = againstEach(op, question, named, place);
  // Once for every value while the program is read, so that a wrong one is refused there.
  named.lines.forEach((line) => against(line.value));
  const decide = (answer, asOf, thresholds) => {
    if (thresholds === null) return UNKNOWN;
    const found = new Set([...thresholds].map((one) => against(one)(answer, asOf)));
    return found.size === 1 ? [...found][0] : UNKNOWN;
  };
  return { question: question.id, parameter: named, decide };
}

/** The test for each value that a parameter may have. */
function againstEach(op, question, parameter, place) {
  if (AGO.includes(op)) {
    oneOf(parameter.unit, UNITS, place);
    return (number) => compareSpan(op, { [parameter.unit]: number }, place);
  }
  oneOf(op, COUNTING, place);
  return (number) => compile(op, number, question, place);
}

function compareSpan(op, written, place) {
  const keys = Object.keys(record(written, place));
  if (keys.length !== 1) throw new Refused(place, "must have one span");
  const unit = oneOf(keys[0], UNITS, place);
  const span = count(written[unit], place);
  const [earlier, later] = op === "at_least_ago" ? [TRUE, FALSE] : [FALSE, TRUE];
  return (answer, asOf) => {
    const day = valueOf(answer, Day);
    const latest = daysBefore(asOf, unit, span);
    if (day.last <= latest) return earlier;
    return day.first > latest ? later : UNKNOWN;
  };
}

function compile(op, value, question, place) {
  switch (op) {
    case "is":
      return question.type === "whole_number"
        ? compareNumber(integer(value, place))
        : compareOption(options(question, [value], place), TRUE, FALSE);
    case "is_not":
      return compareOption(options(question, [value], place), FALSE, TRUE);
    case "is_one_of":
      return compareOption(options(question, value, place), TRUE, FALSE);
    case "includes":
      return compareOptions(options(question, [value], place));
    case "includes_any_of":
      return compareOptions(options(question, value, place));
    case "at_least":
      return compareEnds(integer(value, place), TRUE, FALSE);
    case "more_than":
      return compareEnds(integer(value, place) + 1, TRUE, FALSE);
    case "less_than":
      return compareEnds(integer(value, place), FALSE, TRUE);
    case "at_most":
      return compareEnds(integer(value, place) + 1, FALSE, TRUE);
    case "before":
      return compareDay(dayOf(value, place).number, TRUE, FALSE);
    case "after":
      return compareDay(dayOf(value, place).number + 1, FALSE, TRUE);
    default:
      throw new Refused(place, "must have a known operator");
  }
}

function options(question, value, place) {
  const known = question.type === "yes_no" ? ["yes", "no"] : question.options;
  const found = list(value, place).map((one) => oneOf(one, known, place));
  if (found.length === 0) throw new Refused(place, "must name an option");
  return found;
}

function dayOf(value, place) {
  const day = readDay(text(value, place));
  if (day === null) throw new Refused(place, "must be a day");
  return day;
}

function compareNumber(expected) {
  return (answer) => (valueOf(answer, "number") === expected ? TRUE : FALSE);
}

function compareOption(expected, among, otherwise) {
  return (answer) => (expected.includes(valueOf(answer, "string")) ? among : otherwise);
}

/** An option that was not named was not denied either, unless the answer is complete. */
function compareOptions(expected) {
  return (answer) => {
    const chosen = valueOf(answer, Array);
    if (expected.some((option) => chosen.includes(option))) return TRUE;
    return answer.complete ? FALSE : UNKNOWN;
  };
}

/** Whether a number reaches another: `reached` if all it can be does, `below` if nothing it can be does. */
function compareEnds(number, reached, below) {
  return (answer) => {
    if (typeof answer.value === "number") return answer.value >= number ? reached : below;
    const range = valueOf(answer, Range);
    if (range.first !== null && range.first >= number) return reached;
    return range.last !== null && range.last < number ? below : UNKNOWN;
  };
}

/** Whether a day lies before another: `before` if every day it can be does, `later` if none does. */
function compareDay(number, before, later) {
  return (answer) => {
    const day = valueOf(answer, Day);
    if (day.last < number) return before;
    return day.first >= number ? later : UNKNOWN;
  };
}

function valueOf(answer, kind) {
  const { value } = answer;
  const fits = typeof kind === "string" ? typeof value === kind : value instanceof kind;
  if (answer.state !== "value" || !fits) throw new Refused("answer", "must be of its question's type");
  return value;
}
