import type { Field } from "./field.ts";
import { checkOptions } from "./known-options.ts";

/** What is wrong with a field, for `check`. */
export interface FieldFinding {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a field's options promise one another and do not keep. */
export function* checkField(field: Field): Generator<FieldFinding> {
  const { maxLength, options } = field;
  yield* checkOptions(field);
  const tooLong = field.flatChoices?.find(([value]) => typeof value === "string" && value.length > (maxLength ?? Infinity));
  if (tooLong !== undefined)
    yield {
      code: "ORM_CHECK_LONG_CHOICE",
      message: `The choice "${String(tooLong[0])}" is longer than maxLength, ${maxLength}.`,
      hint: `Raise maxLength to ${String(tooLong[0]).length}.`,
    };
  if (options.autoNow && options.autoNowAdd)
    yield {
      code: "ORM_CHECK_TWO_CLOCKS",
      message: "autoNow and autoNowAdd are both set, and only autoNow counts.",
      hint: "Keep one of them.",
    };
  for (const name of ["uniqueForDate", "uniqueForMonth", "uniqueForYear"]) {
    const dateField = options[name] as string | undefined;
    if (dateField === undefined || isDate(field, dateField)) continue;
    yield {
      code: "ORM_CHECK_UNIQUE_FOR",
      message: `${name} is "${dateField}", which is no date or dateTime field of the model.`,
      hint: "Name a field that holds a date.",
    };
  }
}

function isDate(field: Field, name: string): boolean {
  const member = field.model.meta.member(name);
  return member?.type === "field" && ["date", "dateTime"].includes(member.field.kind);
}
