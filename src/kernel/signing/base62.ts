const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A whole number in the fewest letters and digits. */
export function toBase62(number: number): string {
  let [rest, text] = [Math.abs(number), ""];
  do {
    text = digits[rest % 62] + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return number < 0 ? `-${text}` : text;
}

/** The number; NaN where the text is none. */
export function fromBase62(text: string): number {
  if (!/^-?[0-9A-Za-z]{1,9}$/.test(text)) return Number.NaN;
  const isNegative = text.startsWith("-");
  let number = 0;
  for (const digit of isNegative ? text.slice(1) : text) number = number * 62 + digits.indexOf(digit);
  return isNegative ? -number : number;
}
