// Reads a canonical program once: everything an evaluation needs, and nothing that is not as it must be.

import { QUESTION_TYPES } from "./answers.js";
import { readDay } from "./days.js";
import { Steps } from "./expressions.js";
import { compileTest } from "./tests.js";
import {
  count,
  entries,
  flag,
  inOrder,
  integer,
  list,
  member,
  oneOf,
  orNull,
  Refused,
  text,
} from "./values.js";

const SEMANTICS = 1;
// The kinds of conclusions, with how the ids of each begin.
const PREFIXES = new Map([
  ["indicator", "indicator."],
  ["dimension", "dimension."],
  ["finding", "finding."],
  ["outcome", "outcome."],
  ["route", "route."],
  ["eligibility", "service."],
]);
const STRENGTHS = ["strong", "medium", "weak"];
const NEED_LEVELS = ["now", "ask_now"];
// Most pressing first.
export const URGENCIES = ["now", "today", "soon", "when_ready"];
// Findings of these kinds describe; they do not by themselves keep a result from being low.
const DESCRIBING_CLASSES = ["context", "aggravating"];
const CLASSES = ["element", "pattern", "separate", "need", "notice", ...DESCRIBING_CLASSES];
const ELEMENTS = ["act", "means", "purpose"];

/** What `evaluate` reads of a program's JSON form. */
export function compileProgram(data) {
  if (member(data, "semantics", "program") !== SEMANTICS) {
    throw new Refused("semantics", `must be ${SEMANTICS}: this evaluator knows no other`);
  }
  const questions = mapped(data, "questions", readQuestion);
  const parameters = mapped(data, "parameters", (written, id, place) =>
    readParameter(written, id, questions, place),
  );
  const tests = readTests(data, questions, parameters);
  const gated = readGates(data, questions, tests);
  const steps = new Steps(new Map([...tests.keys()].map((name, at) => [name, at])));
  const conclusions = readConclusions(data, steps);
  const selectors = [...tests.values()].flatMap(({ parameter }) => parameter?.selector ?? []);
  return {
    ruleSet: text(member(data, "rule_set", "program"), "rule_set"),
    questions,
    tests: [...tests.values()],
    testIds: [...tests.keys()],
    gated,
    steps,
    conclusions,
    firings: conclusions.flatMap((one) => one.firings).sort((one, other) => inOrder(one.id, other.id)),
    selectors: new Set(selectors),
    ladder: readLadder(data, conclusions),
    instruments: mapped(data, "instruments", (written, name, place) => readCore(written, questions, place)),
  };
}

function mapped(data, key, read) {
  const found = new Map();
  for (const [name, written] of entries(member(data, key, "program"), key)) {
    found.set(name, read(written, name, `${key}.${name}`));
  }
  return found;
}

function texts(value, place) {
  return list(value, place).map((one) => text(one, place));
}

function unique(names, place) {
  if (new Set(names).size !== names.length) throw new Refused(place, "must have no name twice");
  return names;
}

function readQuestion(written, id, place) {
  const of = (key) => member(written, key, place);
  const options = unique(texts(of("options"), place), place);
  const exclusive = orNull(of("exclusive"), text, place);
  if (exclusive !== null && !options.includes(exclusive))
    throw new Refused(place, "must have its exclusive option");
  return {
    id,
    type: oneOf(of("type"), QUESTION_TYPES, place),
    options,
    exclusive,
    least: orNull(of("least"), integer, place),
    most: orNull(of("most"), integer, place),
    // Where its tests stand; the condition under which it applies is read when they are known.
    tests: [],
    applies: null,
  };
}

function readParameter(written, id, questions, place) {
  const selector = orNull(member(written, "selector", place), text, place);
  const asked = selector === null ? null : questions.get(selector);
  if (asked !== null && asked?.type !== "one_choice")
    throw new Refused(place, "must be selected by one choice");
  const lines = list(member(written, "values", place), place).map((line) => {
    const options = orNull(member(line, "for", place), texts, place) ?? [];
    const [from, by, to] = ["from", "by", "to"].map((key) =>
      orNull(member(line, key, place), readDayNumber, place),
    );
    if (selector === null && options.length > 0)
      throw new Refused(place, "must have a selector for its options");
    // `from` null: the first day is not known, only that the value was in force by then.
    return { options, begins: from ?? by, ends: to, value: integer(member(line, "value", place), place) };
  });
  return {
    id,
    selector,
    options: asked === null ? null : asked.options,
    unit: text(member(written, "unit", place), place),
    lines,
  };
}

function readDayNumber(written, place) {
  const day = readDay(text(written, place));
  if (day === null) throw new Refused(place, "must be a day");
  return day.number;
}

function readTests(data, questions, parameters) {
  let at = 0;
  return mapped(data, "tests", (written, name, place) => {
    const question = questions.get(text(member(written, "question", place), place));
    if (question === undefined) throw new Refused(place, "must be of a question of the program");
    question.tests.push(at);
    at += 1;
    return compileTest(written, question, parameters, place);
  });
}

/** The questions that may not apply, those that others wait for first; no circles. */
function readGates(data, questions, tests) {
  // Conditions of questions read tests alone, and none that waits for a dated value.
  const usable = new Map(
    [...tests.keys()].map((name, at) => [name, at]).filter(([name]) => tests.get(name).parameter === null),
  );
  const found = [];
  const open = new Set();
  const visit = (question) => {
    if (found.includes(question)) return;
    const place = `questions.${question.id}.applies_when`;
    const written = member(data.questions[question.id], "applies_when", place);
    if (written === null) return;
    if (open.has(question)) throw new Refused(place, "must not wait for itself");
    open.add(question);
    const steps = new Steps(usable);
    // The steps run on the bits of all tests.
    steps.size = tests.size;
    const { at } = steps.expression(written, place);
    for (const name of testsOf(written)) visit(questions.get(tests.get(name).question));
    question.applies = (bits, every) => steps.run(bits, every)[at];
    found.push(question);
  };
  [...questions.values()].forEach(visit);
  return found;
}

function testsOf(expression) {
  return expression[0] === "test" ? [expression[1]] : expression.at(-1).flatMap(testsOf);
}

function readConclusions(data, steps) {
  const found = [];
  const firings = new Set();
  for (const written of list(member(data, "conclusions", "program"), "conclusions")) {
    const id = text(member(written, "id", "conclusions"), "conclusions");
    const conclusion = { id, ...readKind(written, id) };
    conclusion.firings =
      conclusion.kind === "dimension"
        ? readDimension(written, steps, id)
        : readRules(written, steps, id, conclusion.kind);
    for (const firing of conclusion.firings) {
      if (firings.has(firing.id)) throw new Refused(id, "must have rules of its own");
      firings.add(firing.id);
    }
    conclusion.at = steps.any(conclusion.firings.map((firing) => firing.at));
    if (steps.concluded.has(id)) throw new Refused(id, "must be concluded once");
    steps.concluded.set(id, conclusion.at);
    found.push(conclusion);
  }
  return found;
}

/** What a conclusion means for the outcome: whether it is a sign, and whether it is an urgent need. */
function readKind(written, id) {
  const of = (key) => member(written, key, id);
  const kind = oneOf(of("kind"), [...PREFIXES.keys()], id);
  if (!id.startsWith(PREFIXES.get(kind))) throw new Refused(id, `must begin with ${PREFIXES.get(kind)}`);
  if (kind === "indicator") return { kind, sign: !flag(of("circumstance"), id), need: null, level: null };
  if (kind !== "finding") return { kind, sign: false, need: null, level: null };
  const sort = oneOf(of("class"), CLASSES, id);
  const element = orNull(of("element"), (one) => oneOf(one, ELEMENTS, id), id);
  const need = orNull(of("need"), text, id);
  if (need === "") throw new Refused(id, "must name its need");
  const isAct = sort === "element" && element === "act";
  return {
    kind,
    sign: !isAct && !DESCRIBING_CLASSES.includes(sort),
    need,
    level: need === null ? null : oneOf(of("level"), NEED_LEVELS, id),
  };
}

function readRules(written, steps, id, kind) {
  return list(member(written, "rules", id), id).map((rule) => {
    const place = text(member(rule, "id", id), id);
    const condition = steps.expression(member(rule, "when", place), place);
    const urgency =
      kind === "route" ? URGENCIES.indexOf(oneOf(member(rule, "urgency", place), URGENCIES, place)) : null;
    return { id: place, at: condition.at, parts: [condition], urgency };
  });
}

function readDimension(written, steps, id) {
  const counted = list(member(written, "entries", id), id).map((entry) => {
    const leaf = text(member(entry, "id", id), id);
    const strength = oneOf(member(entry, "strength", leaf), STRENGTHS, leaf);
    return { leaf, strength, at: steps.expression(member(entry, "when", leaf), leaf).at, parts: [] };
  });
  unique(
    counted.map((entry) => entry.leaf),
    id,
  );
  const title = id.slice(PREFIXES.get("dimension").length);
  return list(member(written, "combinations", id), id).map((combination) => {
    const of = (key) => count(member(combination, key, id), id);
    const [strong, medium, weak, either] = [...STRENGTHS, "medium_or_weak"].map(of);
    if (strong + medium + weak + either === 0) throw new Refused(id, "must ask for something");
    const ofStrengths = (strengths) => counted.filter((entry) => strengths.includes(entry.strength));
    const reached = (strengths, need) =>
      steps.count(
        ofStrengths(strengths).map((entry) => entry.at),
        need,
      );
    const wanted = [
      [["strong"], strong],
      [["medium"], medium],
      [["weak"], weak],
    ];
    // What already serves as medium or weak does not serve again.
    if (either > 0) wanted.push([["medium", "weak"], medium + weak + either]);
    const counts = wanted.filter(([, need]) => need > 0).map(([strengths, need]) => reached(strengths, need));
    return {
      id: `${title}/${text(member(combination, "id", id), id)}`,
      at: steps.all(counts),
      parts: counted,
      urgency: null,
    };
  });
}

function readLadder(data, conclusions) {
  const outcomes = conclusions.filter(({ kind }) => kind === "outcome");
  const names = unique(texts(member(data, "ladder", "program"), "ladder"), "ladder");
  return names.map((name) => {
    const step = outcomes.find(({ id }) => id === `outcome.${name}`);
    if (step === undefined) throw new Refused("ladder", "must name outcomes that the program concludes");
    return { name, at: step.at };
  });
}

function readCore(written, questions, place) {
  const core = texts(member(written, "core", place), place);
  if (core.some((name) => !questions.has(name)))
    throw new Refused(place, "must name questions of the program");
  return core;
}
