// Calendar days as numbers, 1 being 1 January of the year 1, and spans counted back in calendar months. No
// clock and no Date object: both have time zones.

export const UNITS = ["days", "months", "years"];
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The parts and the number of `YYYY-MM-DD`, or null when it is no such day. */
export function readDay(text) {
  const [year, month, day] = readParts(text);
  return day === undefined ? null : { year, month, day, number: numberOf(year, month, day) };
}

/** The first and last number of the days that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` may mean, or null. */
export function readPartialDay(text) {
  const [year, month, day] = readParts(text);
  if (year === undefined) return null;
  const lastMonth = month ?? 12;
  return {
    first: numberOf(year, month ?? 1, day ?? 1),
    last: numberOf(year, lastMonth, day ?? lengthOf(year, lastMonth)),
  };
}

/** The number of the day that lies so long before a day; a month without that day has its last instead. */
export function daysBefore(day, unit, count) {
  if (unit === "days") return count < day.number ? day.number - count : 1;
  const months = day.year * 12 + day.month - 1 - (unit === "years" ? count * 12 : count);
  const year = Math.floor(months / 12);
  if (year < 1) return 1;
  const month = months - year * 12 + 1;
  return numberOf(year, month, Math.min(day.day, lengthOf(year, month)));
}

/** Year, month and day, as many as the text has; nothing where one of them does not exist. */
function readParts(text) {
  const length = text.length;
  if (length !== 4 && length !== 7 && length !== 10) return [];
  if ((length > 4 && text[4] !== "-") || (length > 7 && text[7] !== "-")) return [];
  const parts = [readDigits(text, 0, 4)];
  if (length > 4) parts.push(readDigits(text, 5, 7));
  if (length > 7) parts.push(readDigits(text, 8, 10));
  const [year, month, day] = parts;
  if (year === null || year < FIRST_YEAR || year > LAST_YEAR) return [];
  if (month !== undefined && (month === null || month < 1 || month > 12)) return [];
  if (day !== undefined && (day === null || day < 1 || day > lengthOf(year, month))) return [];
  return parts;
}

function readDigits(text, start, stop) {
  let number = 0;
  for (let at = start; at < stop; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return null;
    number = number * 10 + digit;
  }
  return number;
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function lengthOf(year, month) {
  return month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1];
}

function numberOf(year, month, day) {
  const past = year - 1;
  let number = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + day;
  for (let one = 1; one < month; one += 1) number += lengthOf(year, one);
  return number;
}
