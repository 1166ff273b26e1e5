import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { AnyRow } from "../model/rows/row.ts";

/** The two fields of a generic reference. */
export interface GenericFields {
  readonly type: Field;
  readonly key: Field;
}

/** Whether a name is a generic reference of a model. */
export function isGeneric(meta: ModelMeta, name: string): boolean {
  return meta.generics.has(name);
}

/** The fields that hold a generic reference. */
export function genericFields(meta: ModelMeta, name: string): GenericFields {
  const { typeField, keyField } = meta.generics.get(name)!;
  return { type: meta.columnField(typeField), key: meta.columnField(keyField) };
}

/** A row's key as the column keeps it: a text column keeps any. */
export function keyValue(key: Field, pk: unknown): unknown {
  return isText(key) ? String(pk) : pk;
}

/** Whether a column keeps texts, which keys of other kinds are written as. */
export function isText(field: Field): boolean {
  return /^(?:var)?char|^text|^citext/.test(field.columnType("postgres"));
}

/** What rows refer to that was looked for and is not there, by the name of the relation. */
const gone = new WeakMap<AnyRow, Map<string, string>>();

/** Remembers that what the row refers to now was looked for in vain. */
export function rememberGone(row: AnyRow, name: string, fields: GenericFields): void {
  if (!gone.has(row)) gone.set(row, new Map());
  gone.get(row)!.set(name, referred(row, fields));
}

/** Whether what the row refers to now was looked for in vain. */
export function isKnownGone(row: AnyRow, name: string, fields: GenericFields): boolean {
  return gone.get(row)?.get(name) === referred(row, fields);
}

function referred(row: AnyRow, { type, key }: GenericFields): string {
  return JSON.stringify([row[type.attname], String(row[key.attname])]);
}
