import { viewsErrors } from "./errors.ts";

/**
 * Puts values where a text names them: `{name}`.
 * @throws VIEWS_UNKNOWN_PLACEHOLDER
 */
export function fillIn(text: string, values: object, encode: (value: unknown) => string = String): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (values as Record<string, unknown>)[name];
    if (value === undefined) throw viewsErrors.VIEWS_UNKNOWN_PLACEHOLDER({ text, given: name, known: Object.keys(values) });
    return encode(value);
  });
}

/**
 * As `fillIn`, for an address: no value leads out of the place it stands in, except that slashes of a path stay.
 * @throws VIEWS_UNKNOWN_PLACEHOLDER
 */
export function fillInAddress(address: string, values: object): string {
  const filled = fillIn(address, values, (value) => encodeURIComponent(String(value).toWellFormed()).replaceAll("%2F", "/"));
  return address.startsWith("//") ? filled : filled.replace(/^\/{2,}/, "/");
}
