const wholeNumber = /^-?\d{1,16}$/;

/** The sum of a kept whole number and another: what a backend without numbers of its own answers to `increment`. */
export function addToNumber(text: string, delta: number): number {
  if (!wholeNumber.test(text)) throw new TypeError("The entry is no whole number.");
  return Number(text) + delta;
}
