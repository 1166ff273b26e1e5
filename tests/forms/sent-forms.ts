/** What the hidden inputs send that count the forms of a page. */
export const managed = (prefix: string, total: number, initial: number): Record<string, string> => ({
  [`${prefix}-TOTAL_FORMS`]: String(total),
  [`${prefix}-INITIAL_FORMS`]: String(initial),
});

/** What the form at a place sends. */
export const sent = (at: number, values: Readonly<Record<string, unknown>>, prefix = "form"): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}-${at}-${name}`, value]));
