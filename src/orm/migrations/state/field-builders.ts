import { binary } from "../../fields/binary-field.ts";
import { boolean } from "../../fields/boolean-field.ts";
import { compositePrimaryKey } from "../../fields/composite-key.ts";
import { decimal } from "../../fields/decimal-field.ts";
import { duration } from "../../fields/duration-field.ts";
import type { Field } from "../../fields/field.ts";
import { filePath } from "../../fields/file-path-field.ts";
import { file, image } from "../../fields/files/file-field.ts";
import { generated } from "../../fields/generated-field.ts";
import { genericIPAddress } from "../../fields/ip-address-field.ts";
import { json } from "../../fields/json-field.ts";
import {
  auto,
  bigAuto,
  bigInteger,
  float,
  integer,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  smallAuto,
  smallInteger,
} from "../../fields/number-fields.ts";
import { foreignKey, manyToMany, oneToOne } from "../../fields/relations/relation-fields.ts";
import { char, email, slug, text, url } from "../../fields/text-fields.ts";
import { date, dateTime, time } from "../../fields/time-fields.ts";
import { uuid } from "../../fields/uuid-field.ts";
import type { FieldState } from "./field-state.ts";

type Builder = (options: any) => Field;

/** Where a migration file imports the builders of Cortado's own fields from. */
const ormDoor = "cortado/orm";

/** The functions that make fields with a value of their own, by the kind they make. */
export const fieldBuilders: Record<string, Builder> = {
  auto,
  bigAuto,
  bigInteger,
  binary,
  boolean,
  char,
  date,
  dateTime,
  decimal,
  duration,
  email,
  file,
  filePath,
  float,
  genericIPAddress,
  image,
  integer,
  json,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  slug,
  smallAuto,
  smallInteger,
  text,
  time,
  url,
  uuid,
  compositePrimaryKey: ({ fields }) => compositePrimaryKey(...(fields as [string, string])),
  generated: ({ output, ...options }) => generated({ ...options, output: fieldOf(output) }),
};

const doors = new Map<string, { door: string; name: string }>();

/**
 * Tells migrations of a kind of field of your own: a migration file then imports its builder `from` there
 * and writes `money({ … })`, and the models of a migration's past have such fields.
 *
 * ```ts
 * registerFieldKind("money", { builder: money, from: "../fields.ts" }); // as seen from the migrations folder
 * ```
 */
export function registerFieldKind(
  kind: string,
  { builder, from, name = kind }: { builder: Builder; from: string; name?: string },
): void {
  fieldBuilders[kind] = builder;
  doors.set(kind, { door: from, name });
}

/** What a migration file imports to write a field of this kind. */
export function builderImport(kind: string): { door: string; name: string } {
  return doors.get(kind) ?? { door: ormDoor, name: kind };
}

/** The functions that make relations, by the kind they make. */
export const relationBuilders: Readonly<Record<string, (to: string, options: any) => Field>> = {
  foreignKey,
  oneToOne,
  manyToMany,
};

/** The field within another, an output or items: a field, or what a state says of it. */
export function fieldOf(output: Field | FieldState): Field {
  return "deconstruct" in output ? output : fieldBuilders[output.kind]!(output.options);
}
