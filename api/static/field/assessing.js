// What the answers of one worker come to on this device, in the three ways the form may say it.

import { canonicalText, digestOf } from "./evaluator.js";

const LEVELS = ["now", "ask_now"];

// No rules are dated beyond this.
const LATEST = Date.parse("2199-12-30T00:00:00Z");

/** Milliseconds; never before the rules were taken along: a clock that starts anew shows a day of long ago. */
export function timeOf(bundle) {
  const [own, known] = [Date.now(), Date.parse(bundle.at)];
  return own < known || own > LATEST ? known : own;
}

/** A day in Kuwait. */
const dayOf = (time) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Kuwait" }).format(time);

/** The canonical result of answers, and what it means here. */
export function assess(program, bundle, answers) {
  const found = program.evaluate({ answers, instrument: bundle.instrument, asOf: dayOf(timeOf(bundle)) });
  return { ...found, step: stepOf(program.data, found.result), needs: needsOf(program.data, found.result) };
}

/** The digest that the service compares with its own. */
export const resultDigest = (result) => digestOf(canonicalText(result));

/**
 * `refer`: a complete pattern, or something that cannot wait. `go_on`: any sign or need. Else `unknown`: below the
 * ladder nothing is ever settled, whatever was answered.
 */
function stepOf(data, { outcome, urgent, routes }) {
  const cannotWait = urgent.now.length > 0 || Object.values(routes).includes("now");
  if (outcome === data.ladder[0] || cannotWait) return "refer";
  return data.ladder.includes(outcome) || urgent.ask_now.length > 0 ? "go_on" : "unknown";
}

/** The labels of the needs by level. */
function needsOf(data, { urgent }) {
  const label = (need, level) =>
    data.conclusions.find((one) => one.kind === "finding" && one.need === need && one.level === level).label;
  return Object.fromEntries(LEVELS.map((level) => [level, urgent[level].map((need) => label(need, level))]));
}

/** The questions of the core that have no value yet and could apply. */
export function openCore(program, instrument, answers, relevance) {
  const core = program.data.instruments[instrument].core;
  return core.filter((name) => relevance[name] !== "cannot_apply" && !hasValue(answers[name]));
}

export const hasValue = (answer) =>
  answer !== undefined && !(typeof answer === "object" && !Array.isArray(answer) && "state" in answer);
