import { snakeCase } from "../names.ts";
import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ModelClass } from "../model/model-class.ts";
import { getModel } from "../model/registry.ts";
import { serializationErrors } from "./errors.ts";
import { rowByNaturalKey } from "./natural-keys.ts";
import { keptFields, keptManyToMany } from "./serialize.ts";

/** Where a row stands in a file. */
export interface RowPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly position: number;
}

/** A row read from a file and checked, with its references not yet looked up. */
export interface ReadRow extends RowPlace {
  readonly model: ModelClass;
  /** Undefined: the database or the natural key says it. */
  readonly key: unknown;
  readonly values: ReadonlyMap<Field, unknown>;
  readonly lists: ReadonlyMap<Field, readonly unknown[]>;
}

export interface DeserializeOptions {
  /** Leaves out models and fields that the project has no longer. */
  ignoreNonexistent?: boolean | undefined;
}

/** Checks what stands in a file at one place; undefined where it is left out. @throws SERIALIZATION_BAD_ROW */
export function readRow(data: unknown, place: RowPlace, options: DeserializeOptions): ReadRow | undefined {
  const { model: name, pk, fields } = shapeOf(data, place);
  const model = modelNamed(name, place, options);
  if (model === undefined) return undefined;
  const values = new Map<Field, unknown>();
  const lists = new Map<Field, readonly unknown[]>();
  for (const [given, value] of Object.entries(fields)) {
    const field = fieldNamed(model.meta, given);
    if (field === undefined && options.ignoreNonexistent) continue;
    if (field === undefined) throw badRow({ place, name }, `${model.meta.key} has no field "${given}".`, knownNames(model.meta));
    if (field.kind === "manyToMany") lists.set(field, listOf(value, field, { place, name }));
    else values.set(field, parsed(field, value, { place, name }));
  }
  const key = pk === undefined || pk === null ? undefined : parsed(model.meta.primaryKey, pk, { place, name });
  return { ...place, model, key, values, lists };
}

function shapeOf(data: unknown, place: RowPlace): { model: string; pk?: unknown; fields: Record<string, unknown> } {
  const { model, fields, pk } = (data ?? {}) as Record<string, unknown>;
  if (typeof model !== "string")
    throw badRow({ place }, "it names no model.", 'A row is { "model": "shop.Coffee", "pk": 1, "fields": { … } }.');
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw badRow({ place, name: model }, "its fields are not an object.", '"fields" is an object of values by their names.');
  return { model, pk, fields: fields as Record<string, unknown> };
}

function modelNamed(name: string, place: RowPlace, { ignoreNonexistent }: DeserializeOptions): ModelClass | undefined {
  try {
    return getModel(name).meta.concrete;
  } catch (error) {
    if (ignoreNonexistent) return undefined;
    throw badRow({ place, name }, (error as Error).message, (error as { hint?: string }).hint);
  }
}

/** A field by its name, by its column's, or as Django would write it. */
function fieldNamed(meta: ModelMeta, given: string): Field | undefined {
  return [...keptFields(meta), ...keptManyToMany(meta)].find(({ name }) => name === given || snakeCase(name) === given);
}

function knownNames(meta: ModelMeta): string {
  return `It has: ${[...keptFields(meta), ...keptManyToMany(meta)].map(({ name }) => name).join(", ")}. --ignorenonexistent leaves others out.`;
}

/** A value as rows have it. A reference may be a natural key, a list, which is looked up later. */
function parsed(field: Field, value: unknown, { place, name }: Naming): unknown {
  if (value === null || (field.relation !== undefined && Array.isArray(value))) return value;
  try {
    return field.fromJson(value);
  } catch (error) {
    throw badRow({ place, name }, `${field.name} cannot be ${JSON.stringify(value)}: ${(error as Error).message}`);
  }
}

function listOf(value: unknown, field: Field, { place, name }: Naming): readonly unknown[] {
  if (!Array.isArray(value)) throw badRow({ place, name }, `${field.name} is not a list of keys.`);
  const key = field.relation!.to.meta.primaryKey;
  return value.map((item: unknown) => (Array.isArray(item) ? item : key.fromJson(item)));
}

/** A row whose natural keys are looked up; `missing` says which reference leads nowhere yet. */
export interface ResolvedRow {
  readonly values: Map<Field, unknown>;
  readonly lists: Map<Field, readonly unknown[]>;
  readonly missing?: { readonly field: Field; readonly key: readonly unknown[] };
}

/** Looks up, in a database, the natural keys that a row refers by. */
export async function resolveReferences({ values, lists }: ReadRow, alias: string): Promise<ResolvedRow> {
  const resolved: ResolvedRow = { values: new Map(values), lists: new Map(lists) };
  for (const [field, value] of values) {
    if (!Array.isArray(value) || field.relation === undefined) continue;
    const row = await rowByNaturalKey(field.relation.to, value, alias);
    if (row === undefined) return { ...resolved, missing: { field, key: value } };
    resolved.values.set(field, row[field.relation.targetField!.attname]);
  }
  for (const [field, list] of lists) {
    const keys: unknown[] = [];
    for (const item of list) {
      const key: unknown = Array.isArray(item) ? (await rowByNaturalKey(field.relation!.to, item, alias))?.["pk"] : item;
      if (key === undefined) return { ...resolved, missing: { field, key: item as readonly unknown[] } };
      keys.push(key);
    }
    resolved.lists.set(field, keys);
  }
  return resolved;
}

/** What a row is called in a message. */
export function rowName({ position }: RowPlace, model?: string): string {
  return model === undefined ? `row ${position}` : `row ${position} (${model})`;
}

/** A place with the model's name, where the row says it. */
interface Naming {
  readonly place: RowPlace;
  readonly name?: string;
}

function badRow({ place, name }: Naming, reason: string, hint?: string): Error {
  return serializationErrors.SERIALIZATION_BAD_ROW({ file: place.file, row: rowName(place, name), reason, hint });
}
