// Evaluates a canonical program on this device. The service's result is the record; this one is the same,
// byte for byte, and a difference is an incident. How it is built and compared: docs/developers/browser-evaluator.md.

import { readAnswers, writeAnswer } from "./answers.js";
import { readDay } from "./days.js";
import { decideTests, hasValue } from "./deciding.js";
import { trueLeaves } from "./expressions.js";
import { compileProgram, URGENCIES } from "./program.js";
import { findSupports } from "./supports.js";
import { FALSE, TRUE, UNKNOWN } from "./tests.js";
import { canonicalText, count, digestOf, inOrder, Refused, text } from "./values.js";

export { canonicalText, digestOf, Refused };

const STATUS_NAMES = new Map([
  [TRUE, "established"],
  [UNKNOWN, "undetermined"],
  [FALSE, "not_established"],
]);
const RELEVANCE_NAMES = new Map([
  [TRUE, "applies"],
  [UNKNOWN, "unknown"],
  [FALSE, "cannot_apply"],
]);

/**
 * The program of a canonical text. Throws where the text is another than `digest` says, is not in the canonical
 * form or holds anything that is not understood. `revision` is the number it was published under, null for a
 * draft. Needs a secure context (https or localhost), where browsers offer hashes.
 */
export async function openProgram(written, { digest, revision }) {
  if ((await digestOf(text(written, "program"))) !== digest) {
    throw new Refused("program", "must be the text that the digest names");
  }
  const data = JSON.parse(written);
  if (canonicalText(data, "program") !== written) throw new Refused("program", "must be in canonical form");
  const number = revision === null ? "draft" : count(revision, "revision");
  return new Program(data, digest, number);
}

/** One program. It keeps nothing of the answers it was given. */
class Program {
  #compiled;

  constructor(data, digest, revision) {
    this.#compiled = compileProgram(data);
    this.data = data;
    this.digest = digest;
    this.revision = revision;
  }

  /**
   * What the answers lead to on a day, `asOf` being `YYYY-MM-DD`:
   *
   * `result`, the canonical result; `firings`, what held and because of what; `relevance`, by question, one of
   * `applies`, `unknown` and `cannot_apply`; `disputed`, the true tests of questions that cannot apply. Throws
   * `Refused` for answers that the service would refuse.
   */
  evaluate({ answers: given, instrument, asOf }) {
    const program = this.#compiled;
    const core = program.instruments.get(text(instrument, "instrument"));
    if (core === undefined) throw new Refused("instrument", "must be one of the program's");
    const day = readDay(text(asOf, "as_of"));
    if (day === null) throw new Refused("as_of", "must be a day");
    const answers = readAnswers(program.questions, given);
    const decided = decideTests(program, answers, day);
    const values = program.steps.run(decided.bits, TRUE);
    const isSettled = (name) => decided.relevance.get(name) === FALSE || hasValue(answers, name);
    const outcome = findOutcome(program, values, core.every(isSettled));
    const read = answersRead(program, answers, core);
    const result = {
      semantics: this.data.semantics,
      rule_set: program.ruleSet,
      revision: this.revision,
      digest: this.digest,
      instrument,
      as_of: asOf,
      answers: read,
      contradicted: decided.contradicted.filter((name) => name in read),
      missing_parameters: decided.missing,
      outcome,
      may_still_become: mayStillBecome(program, values, outcome),
      urgent: findUrgent(program, values),
      routes: findRoutes(program, values),
      statuses: mapping(program.conclusions.map(({ id, at }) => [id, STATUS_NAMES.get(values[at])])),
      supports: findSupports(program, answers, day, decided, values),
    };
    const relevance = [...decided.relevance].map(([name, one]) => [name, RELEVANCE_NAMES.get(one)]);
    return {
      result,
      firings: findFirings(program, values),
      relevance: mapping(relevance),
      disputed: decided.disputed,
    };
  }
}

/** An object that has no names of its own, so that an id can be any text. */
function mapping(pairs) {
  const found = Object.create(null);
  for (const [name, value] of pairs) found[name] = value;
  return found;
}

/** The highest established step; the lowest result needs both: no sign, and every core question settled. */
function findOutcome(program, values, coreIsSettled) {
  const step = program.ladder.find(({ at }) => values[at] === TRUE);
  if (step !== undefined) return step.name;
  const sign = program.conclusions.some((one) => one.sign && values[one.at] === TRUE);
  return coreIsSettled && !sign ? "nothing_indicated_so_far" : "not_enough_known";
}

function mayStillBecome(program, values, outcome) {
  const at = program.ladder.findIndex(({ name }) => name === outcome);
  const above = at < 0 ? program.ladder : program.ladder.slice(0, at);
  return above.filter((step) => values[step.at] === UNKNOWN).map(({ name }) => name);
}

/** The answers that a test, a dated value or the core of the instrument reads; never a free text. */
function answersRead(program, answers, core) {
  const found = Object.create(null);
  for (const [name, answer] of answers) {
    const question = program.questions.get(name);
    const isRead = question.tests.length > 0 || program.selectors.has(name) || core.includes(name);
    if (isRead && answer.state !== "not_asked") {
      found[name] = question.type === "free_text" ? { state: answer.state } : writeAnswer(answer);
    }
  }
  return found;
}

/** The needs that are shown, each at its most pressing level. */
function findUrgent(program, values) {
  const shown = { now: new Set(), ask_now: new Set() };
  for (const { at, need, level } of program.conclusions) {
    if (need !== null && values[at] === TRUE) shown[level].add(need);
  }
  return {
    now: [...shown.now].sort(inOrder),
    ask_now: [...shown.ask_now].filter((need) => !shown.now.has(need)).sort(inOrder),
  };
}

/** The recommended routes, each with the most pressing urgency of the rules that recommend it. */
function findRoutes(program, values) {
  const routes = program.conclusions.filter(({ kind, at }) => kind === "route" && values[at] === TRUE);
  return mapping(
    routes.map(({ id, firings }) => {
      const fired = firings.filter(({ at }) => values[at] === TRUE).map(({ urgency }) => urgency);
      return [id.slice("route.".length), URGENCIES[Math.min(...fired)]];
    }),
  );
}

/** `[rule, [children]]` of every rule that held and every combination that a dimension met, sorted. */
function findFirings(program, values) {
  const fired = program.firings.filter(({ at }) => values[at] === TRUE);
  return fired.map(({ id, parts }) => [id, trueLeaves(parts, values)]);
}
