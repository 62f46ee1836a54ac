// Opens what was taken along: the program, once it is certain that this form can ask all of the instrument.

import { openProgram, Refused } from "./evaluator.js";
import { canAsk } from "./questions.js";
import { Unreached } from "./service.js";

export async function openBundle(bundle) {
  let program;
  try {
    program = await openProgram(bundle.text, bundle.program);
  } catch (error) {
    // Whatever came, it was not the program: a network that answers in the place of the service, perhaps.
    if (error instanceof Refused) throw new Unreached("failed");
    throw error;
  }
  if (!canAsk(program.data, bundle.instrument)) throw new Unreached("failed");
  return program;
}
