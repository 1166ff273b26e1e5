const longest = 80;

/** A value in a message, whatever it is: objects from outside may have a `toString` that is no function. */
export function shownValue(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : textOf(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}

/** A name in a message: one from outside may be as long as a book. */
export function shownName(name: unknown): string {
  const text = textOf(name);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "an object";
  }
}
