const form = /^-?\d{1,16}$/;

/** Whether a kept text is a whole number: it stands bare, so that a server can increment it. */
export function isWholeNumber(text: string): boolean {
  return form.test(text);
}

/** The sum of a kept whole number and another: what a backend without numbers of its own answers to `increment`. */
export function addToNumber(text: string, delta: number): number {
  if (!isWholeNumber(text)) throw new TypeError("The entry is no whole number.");
  return Number(text) + delta;
}
