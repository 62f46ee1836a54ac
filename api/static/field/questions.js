// One question with its answers. What could not be said stands among what was said: the same control, the same
// size, always all three, nothing chosen beforehand.

import { el } from "./dom.js";
import { inLanguage, otherLanguage, say, told, toldOtherwise } from "./words.js";

const STATES = ["not_known", "declined", "not_asked"];
const STATE_WORDS = {
  person: { not_known: "ask.not_known", declined: "ask.declined", not_asked: "ask.not_asked" },
  interviewer: { not_known: "ask.cannot_tell", declined: "ask.not_noted", not_asked: "ask.not_looked" },
};
const TYPES = ["yes_no", "one_choice", "several_choices"];

/** Whether the form can ask all questions of an instrument; the bundle is refused otherwise. */
export const canAsk = (data, instrument) =>
  data.instruments[instrument].sections.every((section) =>
    section.questions.every((name) => TYPES.includes(data.questions[name].type)),
  );

// Texts up to this many letters stand two in a row.
const SHORT = 22;

/**
 * A question; its `.clash` is hidden until it does not fit another. `change(answer)` is called with every new answer,
 * undefined once nothing is chosen; `settled()` when a finger or mouse has chosen what leaves nothing more to choose.
 */
export function askQuestion(name, question, more, answer, change, settled) {
  const by = more?.answered_by ?? "person";
  const many = question.type === "several_choices";
  const chosen = chosenOf(answer);
  const offered = question.type === "yes_no" ? ["yes", "no"] : question.options;
  const text = (one) => {
    if (STATES.includes(one)) return say(STATE_WORDS[by][one]);
    return question.type === "yes_no" ? say(`ask.${one}`) : told(question.option_texts[one]);
  };
  const controls = [];
  const complete = many ? el("input", { type: "checkbox", id: `${name}-complete`, autocomplete: "off", checked: Boolean(answer?.complete) }) : null;
  const collect = (changed) => {
    const alone = [question.exclusive, ...STATES];
    if (many && changed?.checked) {
      for (const one of controls) {
        if (one !== changed && (alone.includes(changed.value) || alone.includes(one.value))) one.checked = false;
      }
    }
    const values = controls.filter((one) => one.checked).map((one) => one.value);
    // "None of these" says by itself that each of the others was denied.
    return change(answerOf(values, many, complete?.checked && !values.includes(question.exclusive)));
  };
  // A key moves through the answers of a group and chooses each on its way: only a touch means "this one".
  let touched = false;
  const chose = async (control, one) => {
    const byTouch = touched;
    touched = false;
    const kept = await collect(control);
    if (kept && byTouch && control.checked && (!many || one === question.exclusive || STATES.includes(one))) settled();
  };
  const choice = (one) => {
    const id = `${name}-${one}`;
    const kind = many ? "checkbox" : "radio";
    // Without "off" a browser may write down what was chosen, to show it again after a fall.
    const control = el("input", {
      type: kind,
      id,
      name,
      value: one,
      autocomplete: "off",
      checked: chosen.includes(one),
      onchange: () => chose(control, one),
    });
    controls.push(control);
    // The label takes every touch, so this comes before anything is chosen.
    const touch = (event) => {
      if (event.target === control) return;
      touched = true;
      // Who touches the answer that is chosen already wants to go on as well.
      if (control.checked && !many) settled();
    };
    return el("div", { class: "choice", onclick: touch }, control, el("label", { for: id }, text(one)));
  };
  const offers = [...offered, ...STATES];
  const areShort = offers.every((one) => text(one).length <= SHORT);
  complete?.addEventListener("change", () => collect(null));
  return el(
    "fieldset",
    { class: "question", id: `question-${name}`, tabindex: "-1", "data-focus": "" },
    el(
      "legend",
      {},
      el("span", { class: "kind" }, say(by === "person" ? "ask.person" : "ask.observe")),
      el("span", { class: "asked" }, told(question.text)),
    ),
    helpOf(question, more, by, offered),
    many ? el("p", { class: "hint" }, say("ask.several")) : null,
    el("div", { class: areShort ? "choices choices--short" : "choices" }, offers.map(choice)),
    many
      ? el("div", { class: "choice complete" }, complete, el("label", { for: `${name}-complete` }, say("ask.complete")))
      : null,
    el("p", { class: "note clash", hidden: true }, say("ask.clash")),
  );
}

function helpOf(question, more, by, offered) {
  const hard = question.distress === 3 ? "ask.very_hard" : question.distress === 2 ? "ask.hard" : null;
  const guidance = more?.guidance ? told(more.guidance) : null;
  const other = otherLanguage();
  const card = el(
    "details",
    {},
    el("summary", {}, say("ask.other_language")),
    el(
      "div",
      { lang: other, dir: other === "ar" ? "rtl" : "ltr" },
      el("p", { class: "asked" }, toldOtherwise(question.text)),
      question.type === "yes_no"
        ? null
        : el("ul", {}, offered.map((one) => el("li", {}, toldOtherwise(question.option_texts[one])))),
    ),
  );
  return el(
    "div",
    { class: "help", lang: inLanguage() },
    hard || guidance
      ? el(
          "div",
          { class: "care" },
          el("strong", {}, say("ask.keep_in_mind")),
          hard ? el("p", {}, say(hard)) : null,
          guidance ? el("p", {}, guidance) : null,
        )
      : null,
    by === "person" ? card : null,
  );
}

function chosenOf(answer) {
  if (answer === undefined) return [];
  if (typeof answer === "string") return [answer];
  if (Array.isArray(answer)) return answer;
  return "state" in answer ? [answer.state] : answer.value;
}

/** The answer as a request has it. Nothing chosen is no answer at all, and never "no". */
function answerOf(chosen, many, complete) {
  if (chosen.length === 0) return many && complete ? { value: [], complete: true } : undefined;
  if (STATES.includes(chosen[0])) return { state: chosen[0] };
  if (!many) return chosen[0];
  return complete ? { value: chosen, complete: true } : chosen;
}
