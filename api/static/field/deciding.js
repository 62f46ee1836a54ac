// What the answers say about every test on a day, and which questions apply.

import { isMissing, valuesInForce } from "./dated_values.js";
import { FALSE, TRUE, UNKNOWN } from "./tests.js";
import { inOrder } from "./values.js";

/**
 * `bits` of every test; `relevance`, for every question, whether it applies.
 *
 * `contradicted` are the questions that were answered although another answer says they cannot apply,
 * `disputed` their true tests. `missing` are the parameters without a value for that day and kind.
 */
export function decideTests(program, answers, asOf) {
  const bits = new Int32Array(program.tests.length).fill(UNKNOWN);
  for (const [name, answer] of answers) {
    if (answer.state === "value") {
      for (const at of program.questions.get(name).tests) {
        const { parameter, decide } = program.tests[at];
        if (parameter === null) bits[at] = decide(answer, asOf, null);
      }
    }
  }
  const relevance = new Map([...program.questions.keys()].map((name) => [name, TRUE]));
  const contradicted = new Set();
  for (const question of program.gated) {
    const applies = question.applies(bits, TRUE);
    relevance.set(question.id, applies);
    if (applies === FALSE) {
      // Nothing said about what cannot apply is false. Something said contradicts another answer: what it
      // makes true stays true, and nothing is false until that is cleared up.
      const isSaid = hasValue(answers, question.id);
      if (isSaid) contradicted.add(question.id);
      for (const at of question.tests) bits[at] = isSaid ? bits[at] || UNKNOWN : FALSE;
    }
  }
  const missing = compareWithParameters(program, answers, asOf, contradicted, bits);
  const disputed = [...contradicted].flatMap((name) => program.questions.get(name).tests);
  return {
    bits,
    relevance,
    contradicted: [...contradicted].sort(inOrder),
    disputed: disputed
      .filter((at) => bits[at] === TRUE)
      .map((at) => program.testIds[at])
      .sort(inOrder),
    missing,
  };
}

export function hasValue(answers, question) {
  return answers.get(question)?.state === "value";
}

/** The option that a parameter's selector was answered with, or null. */
export function selected(answers, parameter) {
  return hasValue(answers, parameter.selector) ? answers.get(parameter.selector).value : null;
}

function compareWithParameters(program, answers, asOf, contradicted, bits) {
  const missing = new Set();
  program.tests.forEach(({ question, parameter, decide }, at) => {
    if (parameter === null || !hasValue(answers, question)) return;
    const against = (one) => decide(answers.get(question), asOf, valuesInForce(parameter, asOf, one));
    const option = selected(answers, parameter);
    let found = against(option);
    // Like any disputed answer, a disputed selector makes true what it makes true, and nothing false.
    if (found === FALSE && contradicted.has(parameter.selector)) found = against(null);
    if (found === FALSE && contradicted.has(question)) found = UNKNOWN;
    bits[at] = found;
    if (isMissing(parameter, asOf, option)) missing.add(parameter.id);
  });
  return [...missing].sort(inOrder);
}
