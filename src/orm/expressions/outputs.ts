import { decimal } from "../fields/decimal-field.ts";
import { duration } from "../fields/duration-field.ts";
import type { Field } from "../fields/field.ts";
import { json } from "../fields/json-field.ts";
import { boolean } from "../fields/boolean-field.ts";
import { bigInteger, float, integer } from "../fields/number-fields.ts";
import { text } from "../fields/text-fields.ts";
import { uuid } from "../fields/uuid-field.ts";
import { date, dateTime, time } from "../fields/time-fields.ts";

/** A field that no model has: it converts what an expression gives. */
function output<F extends Field>(field: F): F {
  return Object.assign(field, { name: "the expression" });
}

/** The fields of what expressions give where no column says it. */
export const outputs = {
  boolean: output(boolean()),
  integer: output(integer()),
  bigInteger: output(bigInteger()),
  float: output(float()),
  decimal: output(decimal()),
  text: output(text()),
  uuid: output(uuid()),
  json: output(json()),
  date: output(date()),
  dateTime: output(dateTime()),
  time: output(time()),
  duration: output(duration()),
} as const;

const integers = new Set(
  "integer smallInteger bigInteger positiveInteger positiveSmallInteger positiveBigInteger auto bigAuto smallAuto".split(" "),
);

/** What a field's values are for arithmetic. */
export type NumberKind = "integer" | "decimal" | "float";

/** Whether a field has whole numbers, decimals or floating-point ones; undefined for what is no number. */
export function numberKind(field: Field | undefined): NumberKind | undefined {
  if (field === undefined) return undefined;
  if (field.kind === "decimal" || field.kind === "float") return field.kind;
  const target = field.relation?.targetField ?? field;
  return integers.has(target.kind) ? "integer" : undefined;
}
