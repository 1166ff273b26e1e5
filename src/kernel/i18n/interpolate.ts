/**
 * Puts values where a text names them, as `%(name)s` (also `%(name)d`) and `%%` for a percent sign.
 *
 * ```ts
 * interpolate(ngettext("%(count)d coffee", "%(count)d coffees", 3), { count: 3 }); // "3 coffees"
 * ```
 */
export function interpolate(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/%(?:%|\((\w+)\)[sd])/g, (whole, name: string | undefined) => {
    if (name === undefined) return "%";
    return Object.hasOwn(values, name) ? String(values[name]) : whole;
  });
}
