import { randomInt } from "node:crypto";

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * A text that no one can guess: 12 letters and digits hold 71 bits, 22 hold 131.
 *
 * ```ts
 * randomString(22);
 * randomString(6, "0123456789");
 * ```
 */
export function randomString(length: number, alphabet: string = lettersAndDigits): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
