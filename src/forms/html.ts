import { escapeHtml, SafeString, safe } from "#templates";

/** HTML that may first have to wait for rows. */
export type Html = SafeString | Promise<SafeString>;

/** Attributes of an element: `true` stands alone, `false`, `null` and `undefined` leave the attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Writes HTML. What is put in is escaped, unless it is HTML already; lists are joined.
 *
 * ```ts
 * markup`<b>${"<script>"}</b>`; // <b>&lt;script&gt;</b>
 * ```
 */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): SafeString {
  let text = strings[0]!;
  for (const [at, value] of values.entries()) text += escaped(value) + strings[at + 1]!;
  return safe(text);
}

function escaped(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(escaped).join("");
  return value instanceof SafeString ? String(value) : String(escapeHtml(String(value)));
}

/** ` name="value"` for each attribute. */
export function attributes(map: Attributes): SafeString {
  const present = Object.entries(map).filter(([, value]) => value !== false && value !== null && value !== undefined);
  return markup`${present.map(([name, value]) => (value === true ? markup` ${name}` : markup` ${name}="${value}"`))}`;
}

/** Lays out parts once all of them are there: at once when none of them has to wait. */
export function whenReady<T, R>(parts: readonly (T | Promise<T>)[], layOut: (ready: readonly T[]) => R): R | Promise<R> {
  if (parts.some((part) => part instanceof Promise)) return Promise.all(parts).then(layOut);
  return layOut(parts as readonly T[]);
}
