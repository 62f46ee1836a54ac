// Runs jobs that the tests write: a program and cases, as one JSON text; what came out goes back as another.

import { daysBefore, readDay, readPartialDay } from "./days.js";
import { canonicalText, digestOf, openProgram, Refused } from "./evaluator.js";

/** For every job the outcome of each case, or why its program was refused. */
export async function run(written) {
  const found = [];
  for (const job of JSON.parse(written)) found.push(await runJob(job));
  return JSON.stringify(found);
}

/** Milliseconds of each of many evaluations of one job's cases, after some to warm up. */
export async function measure(written, warmUp, times) {
  const job = JSON.parse(written);
  const start = performance.now();
  const program = await openProgram(job.program, job);
  const opened = performance.now() - start;
  const found = [];
  for (let number = 0; number < warmUp + times; number += 1) {
    const begun = performance.now();
    program.evaluate(job.cases[number % job.cases.length]);
    if (number >= warmUp) found.push(performance.now() - begun);
  }
  return JSON.stringify({ opened, evaluated: found });
}

/** What happens to values that no JSON text holds: the name of each that was not refused. */
export async function acceptedOddities(written) {
  const [job] = JSON.parse(written);
  const program = await openProgram(job.program, job);
  const [{ instrument, asOf }] = job.cases;
  class Answers {}
  const gap = [];
  gap.length = 1;
  const oddities = {
    undefined: undefined,
    "not a number": NaN,
    infinity: Infinity,
    "a half": 0.5,
    "two to the 53": 2 ** 53,
    "a big integer": 1n,
    "a date": new Date(0),
    "a boxed text": new String("yes"),
    "a boxed number": new Number(3),
    "a map": new Map([["value", "yes"]]),
    "a set": new Set(["first"]),
    "an instance": new Answers(),
    "a list with a gap": gap,
    "a function": () => "yes",
    "a symbol": Symbol("yes"),
    "half a character": "\ud800",
    "typed numbers": new Uint8Array([1]),
  };
  const accepted = [];
  const attempt = (name, request) => {
    try {
      program.evaluate(request);
      accepted.push(name);
    } catch (error) {
      if (!(error instanceof Refused)) accepted.push(`${name}: ${error}`);
    }
  };
  for (const [name, oddity] of Object.entries(oddities)) {
    for (const question of Object.keys(program.data.questions)) {
      attempt(`${name} for ${question}`, { instrument, asOf, answers: { [question]: oddity } });
      attempt(`${name} as value of ${question}`, {
        instrument,
        asOf,
        answers: { [question]: { value: oddity } },
      });
      attempt(`${name} in a list for ${question}`, { instrument, asOf, answers: { [question]: [oddity] } });
      attempt(`${name} as end of ${question}`, {
        instrument,
        asOf,
        answers: { [question]: { from: oddity } },
      });
      attempt(`${name} as state of ${question}`, {
        instrument,
        asOf,
        answers: { [question]: { state: oddity } },
      });
    }
    attempt(`${name} as answers`, { instrument, asOf, answers: oddity });
    attempt(`${name} as instrument`, { instrument: oddity, asOf, answers: {} });
    attempt(`${name} as day`, { instrument, asOf: oddity, answers: {} });
  }
  return JSON.stringify(accepted);
}

/** The first and last day that texts may mean, and the days that lie so long before days. */
export async function countDays(texts, spans) {
  const read = texts.map((text) => readPartialDay(text)).map((day) => day && [day.first, day.last]);
  const before = spans.map(([text, unit, count]) => daysBefore(readDay(text), unit, count));
  return JSON.stringify([read, before]);
}

async function runJob(job) {
  let program;
  try {
    program = await openProgram(job.program, job);
  } catch (error) {
    return { refused: error instanceof Refused || error instanceof SyntaxError, problem: String(error) };
  }
  const cases = [];
  for (const one of job.cases) cases.push(await runCase(program, one));
  return { cases };
}

async function runCase(program, one) {
  try {
    const { result, firings, relevance, disputed } = program.evaluate(one);
    const written = canonicalText(result);
    return { written, digest: await digestOf(written), firings, relevance, disputed };
  } catch (error) {
    return { refused: error instanceof Refused, problem: String(error) };
  }
}
