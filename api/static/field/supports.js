// Why: for every established conclusion, questions whose answers alone establish it, none of them to spare.
//
// Answers are left out one after the other, in the order of the questions' ids, and kept only where the
// conclusion would be lost. 32 conclusions are done at once: each bit of a number is the variant of one.

import { valuesInForce } from "./dated_values.js";
import { hasValue, selected } from "./deciding.js";
import { TRUE } from "./tests.js";

const VARIANTS = 32;
const EVERY = -1;

/** The supports by conclusion; `decided` and `values` are those of all answers. */
export function findSupports(program, answers, asOf, decided, values) {
  const targets = program.conclusions.filter(({ at }) => values[at] === TRUE);
  const useful = [...answers.keys()].filter(
    (name) =>
      hasValue(answers, name) &&
      (program.selectors.has(name) ||
        program.questions.get(name).tests.some((at) => decided.bits[at] === TRUE)),
  );
  const dated = datedTests(program, answers, asOf);
  const found = Object.create(null);
  for (let start = 0; start < targets.length; start += VARIANTS) {
    const some = targets.slice(start, start + VARIANTS);
    const given = leaveOut(program, useful, some, decided.bits, dated);
    some.forEach(({ id }, number) => {
      found[id] = useful.filter((name) => (given.get(name) >>> number) & 1);
    });
  }
  return found;
}

/** The variants in which each answer is needed. */
function leaveOut(program, useful, targets, truths, dated) {
  const given = new Map(useful.map((name) => [name, EVERY]));
  const bits = new Int32Array(program.tests.length);
  const give = (name, variants) => {
    given.set(name, variants);
    for (const at of program.questions.get(name).tests) bits[at] = truths[at] === TRUE ? variants : 0;
  };
  useful.forEach((name) => give(name, EVERY));
  for (const name of useful) {
    give(name, 0);
    // What a value makes true stays true whether or not its question applies: relevance is not looked at.
    for (const test of dated) {
      const said = given.get(test.question) ?? 0;
      const chosen = given.get(test.selector) ?? 0;
      bits[test.at] = (test.ifChosen ? said & chosen : 0) | (test.ifOpen ? said & ~chosen : 0);
    }
    const values = program.steps.run(bits, EVERY);
    let still = 0;
    targets.forEach(({ at }, number) => {
      still |= values[at] & (1 << number);
    });
    give(name, ~still);
  }
  return given;
}

/** The tests against a parameter that were answered: whether true with its selector's answer, and without. */
function datedTests(program, answers, asOf) {
  const found = [];
  program.tests.forEach(({ question, parameter, decide }, at) => {
    if (parameter === null || !hasValue(answers, question)) return;
    const isTrue = (option) =>
      decide(answers.get(question), asOf, valuesInForce(parameter, asOf, option)) === TRUE;
    const option = selected(answers, parameter);
    found.push({
      at,
      question,
      selector: parameter.selector,
      ifChosen: isTrue(option),
      ifOpen: isTrue(null),
    });
  });
  return found;
}
