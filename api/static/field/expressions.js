// Conditions and counts as one list of steps, each of which reads values that stand before its own.
//
// Every step is made of `&` and `|`, so that a number can hold one truth in two bits, or what is true in 32
// variants of the answers at once (supports.js).

import { count, inOrder, list, Refused, text } from "./values.js";
import { TRUE } from "./tests.js";

const ALL = 0;
const ANY = 1;
const COUNT = 2;

/** Makes the steps; places of values count through the tests and on through the steps. */
export class Steps {
  constructor(tests) {
    this.tests = tests;
    this.concluded = new Map();
    this.size = tests.size;
    this.code = [];
  }

  /** `{at, leaf, parts}` of an expression: the place of its value, and its id or its parts. */
  expression(written, place) {
    const [operator, ...rest] = list(written, place);
    const shape = { test: 1, ref: 1, all: 1, any: 1, at_least: 2 };
    if (!Object.hasOwn(shape, text(operator, place)) || rest.length !== shape[operator]) {
      throw new Refused(place, "must be a condition");
    }
    if (operator === "test") return this.leaf(this.tests, rest[0], place);
    if (operator === "ref") return this.leaf(this.concluded, rest[0], place);
    const parts = list(rest.at(-1), place).map((part) => this.expression(part, place));
    if (parts.length === 0) throw new Refused(place, "must have parts");
    const read = parts.map((part) => part.at);
    if (operator === "all") return { at: this.all(read), leaf: null, parts };
    if (operator === "any") return { at: this.any(read), leaf: null, parts };
    const need = count(rest[0], place);
    if (need === 0) throw new Refused(place, "must ask for one part or more");
    return { at: this.count(read, need), leaf: null, parts };
  }

  leaf(known, name, place) {
    const at = known.get(text(name, place));
    if (at === undefined) throw new Refused(place, "must read a test, or a conclusion that stands before it");
    return { at, leaf: name, parts: [] };
  }

  all(read) {
    return this.add(ALL, 0, read);
  }

  any(read) {
    return this.add(ANY, 0, read);
  }

  /** At least `need` of the values; nothing can be that many of fewer. */
  count(read, need) {
    return need > read.length ? this.any([]) : this.add(COUNT, need, read);
  }

  add(operator, need, read) {
    this.code.push(operator, need, read.length, ...read);
    this.size += 1;
    return this.size - 1;
  }

  /** The values of everything, from those of the tests; `every` is the value of what always holds. */
  run(tests, every) {
    const { code } = this;
    const values = new Int32Array(this.size);
    values.set(tests);
    let slot = tests.length;
    for (let at = 0; at < code.length; slot += 1) {
      const operator = code[at];
      const need = code[at + 1];
      const stop = at + 3 + code[at + 2];
      let found = operator === ANY ? 0 : every;
      if (operator === ALL) for (at += 3; at < stop; at += 1) found &= values[code[at]];
      else if (operator === ANY) for (at += 3; at < stop; at += 1) found |= values[code[at]];
      else found = counted(values, code, at + 3, stop, need, every);
      at = stop;
      values[slot] = found;
    }
    return values;
  }
}

/** Where at least `need` of the values are true. */
function counted(values, code, start, stop, need, every) {
  const reached = new Int32Array(need + 1);
  reached[0] = every;
  for (let at = start; at < stop; at += 1) {
    // From the highest count down, so that one value is never counted twice.
    for (let number = need; number > 0; number -= 1)
      reached[number] |= reached[number - 1] & values[code[at]];
  }
  return reached[need];
}

/** The ids, sorted, that make a true expression true: those of its true parts. */
export function trueLeaves(parts, values) {
  const found = new Set();
  const visit = (part) => {
    if (values[part.at] !== TRUE) return;
    if (part.leaf === null) part.parts.forEach(visit);
    else found.add(part.leaf);
  };
  parts.forEach(visit);
  return [...found].sort(inOrder);
}
