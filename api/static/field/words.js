// What the form says, in the language of who holds the device. Digits are Latin, as everywhere.

import { choose, chosen } from "./choices.js";

const LANGUAGES = ["en", "ar"];
const KEPT = "daftar.language";

let words = {};
let language = "en";

/** Take the words of the shell, and the language that was chosen here, else that of the device. */
export function takeWords(found) {
  words = found;
  const kept = chosen(KEPT);
  language = LANGUAGES.includes(kept) ? kept : navigator.language.startsWith("ar") ? "ar" : "en";
}

export const inLanguage = () => language;
export const direction = () => (language === "ar" ? "rtl" : "ltr");

export function changeLanguage() {
  language = language === "ar" ? "en" : "ar";
  choose(KEPT, language);
}

/** A sentence; with a `count` the form of the plural that the language has for it. */
export function say(id, slots = {}) {
  const said = words[id][language];
  const form = typeof said === "string" ? said : said[new Intl.PluralRules(language).select(slots.count)];
  return form.replace(/\{([a-z_]+)\}/g, (_, name) => `\u2068${slots[name]}\u2069`);
}

/** A text of the program in the language of the form, or in the other one. */
export const told = (text) => text[language];
export const toldOtherwise = (text) => text[language === "ar" ? "en" : "ar"];
export const otherLanguage = () => (language === "ar" ? "en" : "ar");
