import { formatsOf } from "#kernel/i18n";
import { Temporal } from "#validation";
import type { Moment } from "./local-time.ts";

/** What is asked for. */
export type MomentKind = "date" | "time" | "dateTime";

/** The formats in which the language writes dates, times or moments; the first is the one in which they are shown. */
export function inputFormatsOf(kind: MomentKind): readonly string[] {
  const formats = formatsOf();
  if (kind === "date") return formats.dateInputFormats;
  return kind === "time" ? formats.timeInputFormats : formats.dateTimeInputFormats;
}

/** What kind of moment a value is. */
export function kindOf(value: Moment): MomentKind {
  if (value instanceof Temporal.PlainDate) return "date";
  return value instanceof Temporal.PlainTime ? "time" : "dateTime";
}
