// The values of a dated parameter on a day.

/**
 * Every value that could apply on a day, or null if for some option no value is known.
 *
 * `option` is what the selector was answered with, null while it is open: then every option is possible.
 */
export function valuesInForce(parameter, asOf, option) {
  const possible = parameter.selector === null || option !== null ? [option] : parameter.options;
  const values = new Set();
  for (const one of possible) {
    let held = null;
    for (const line of parameter.lines) {
      // Of several lines in force, the one that begins last holds.
      if (isInForce(line, asOf, one) && (held === null || (line.begins ?? 0) > (held.begins ?? 0)))
        held = line;
    }
    if (held === null) return null;
    values.add(held.value);
  }
  return values.size === 0 ? null : values;
}

/** Whether a parameter has no value: neither for the option chosen nor, while it is open, for any. */
export function isMissing(parameter, asOf, option) {
  if (valuesInForce(parameter, asOf, option) !== null) return false;
  if (parameter.selector === null || option !== null) return true;
  return parameter.options.every((one) => valuesInForce(parameter, asOf, one) === null);
}

function isInForce(line, asOf, option) {
  if (line.options.length > 0 && !line.options.includes(option)) return false;
  if (line.begins !== null && asOf.number < line.begins) return false;
  return line.ends === null || asOf.number <= line.ends;
}
