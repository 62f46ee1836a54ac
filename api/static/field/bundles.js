// Opens what was taken along: the program, once it is certain that this form can ask all of the instrument.

import { openProgram } from "./evaluator.js";
import { canAsk } from "./questions.js";
import { Unreached } from "./service.js";

export async function openBundle(bundle) {
  const program = await openProgram(bundle.text, bundle.program);
  if (!canAsk(program.data, bundle.instrument)) throw new Unreached("failed");
  return program;
}
