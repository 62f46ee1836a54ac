// Reads a line `[name of a function, its arguments]`, writes a line with what it returned; for Node.

import { createInterface } from "node:readline";
import * as harness from "./harness.js";

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [name, given] = JSON.parse(line);
  process.stdout.write(`${await harness[name](...given)}\n`);
}
