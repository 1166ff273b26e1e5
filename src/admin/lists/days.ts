/** The start, in UTC, of the span of days that ends now. */
export function startOf(span: "today" | "week" | "month" | "year", now: Date = new Date()): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (span) {
    case "today":
      return new Date(Date.UTC(year, month, day));
    case "week":
      return new Date(Date.UTC(year, month, day - 6));
    case "month":
      return new Date(Date.UTC(year, month, 1));
    case "year":
      return new Date(Date.UTC(year, 0, 1));
  }
}

/** Whether a text is a day of the calendar: `2026-02-28`. The first and the last year lack a neighbour. */
export function isValidDay(text: string): boolean {
  if (!/^(?!0000|9999)\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
