/** A submitted value as text, whatever it is: an object that JSON brought may have a `toString` that is none. */
export function plainText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "[object Object]";
  }
}
