// What every part of the page does with its elements.

export const byId = (id) => document.getElementById(id);

/** An element with text. */
export function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Sets a text only where it changes, so that a screen reader says it once. */
export function show(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
}

/** Switches a button on or off; the focus does not get lost with it but goes to another. */
export function enable(id, isOn, next) {
  const button = byId(id);
  if (!isOn && document.activeElement === button) byId(next).focus();
  button.disabled = !isOn;
}

/** Fills a choice, and keeps what was chosen where it is still there. */
export function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => element("option", text, { value })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** The name of a language in English, or its code. */
export function languageName(code) {
  try { return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code; } catch { return code; }
}
