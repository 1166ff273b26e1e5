import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ModelClass } from "../model/model-class.ts";
import { type AnyRow, metaOf } from "../model/rows/row.ts";
import { rowAlias } from "../model/rows/instance-state.ts";
import { queryModel, type QuerySet } from "../query/query-set.ts";
import { throughColumns } from "../query/through-columns.ts";
import { hasNaturalKey, naturalKeyOf } from "./natural-keys.ts";
import type { SerializedRow } from "./serialized-row.ts";

/** How rows become data. */
export interface SerializeOptions {
  /** Only these fields; default: all that are kept. */
  fields?: readonly string[] | undefined;
  /** References are written as the natural keys of the rows that they lead to, where those have one. */
  naturalForeign?: boolean | undefined;
  /** The primary key is left out of rows that have a natural key. */
  naturalPrimary?: boolean | undefined;
}

/** So many rows look up their relations together. */
const batchSize = 500;

/**
 * Rows as data, in the shape that fixtures have. Rows of one model after the other share their queries.
 *
 * ```ts
 * for await (const row of serialize(Coffee.objects.iterator())) console.log(JSON.stringify(row));
 * ```
 */
export async function* serialize(
  rows: AsyncIterable<object> | Iterable<object>,
  options: SerializeOptions = {},
): AsyncGenerator<SerializedRow> {
  let batch: AnyRow[] = [];
  for await (const given of rows) {
    const row = given as AnyRow;
    if (batch.length >= batchSize || (batch[0] && metaOf(batch[0]) !== metaOf(row))) {
      yield* await serializedBatch(batch, options);
      batch = [];
    }
    batch.push(row);
  }
  yield* await serializedBatch(batch, options);
}

async function serializedBatch(rows: readonly AnyRow[], options: SerializeOptions): Promise<SerializedRow[]> {
  if (rows.length === 0) return [];
  const { meta } = metaOf(rows[0]!).concrete;
  const isWanted = ({ name }: Field) => options.fields === undefined || options.fields.includes(name);
  const columns = keptFields(meta).filter(isWanted);
  const values = await Promise.all(columns.map((field) => columnValues(rows, field, options)));
  const many = keptManyToMany(meta).filter(isWanted);
  const lists = await Promise.all(many.map((field) => listValues(rows, field, options)));
  return rows.map((row, at) => ({
    model: meta.key,
    ...(options.naturalPrimary && naturalKeyOf(row) ? {} : { pk: meta.primaryKey.toJson(row["pk"]) }),
    fields: Object.fromEntries([
      ...columns.map(({ name }, i) => [name, values[i]![at]]),
      ...many.map(({ name }, i) => [name, lists[i]![at]]),
    ]),
  }));
}

/** The columns that a row's data has beside its key: those of the model's own table that the database does not compute. */
export function keptFields(meta: ModelMeta): Field[] {
  return meta.localFields.filter((field) => field !== meta.primaryKey && field.databaseValue !== "generated" && field.serialize);
}

/** The many-to-many relations that are written as lists; one with a middle model of its own is written as that model's rows. */
export function keptManyToMany(meta: ModelMeta): readonly Field[] {
  return meta.localManyToMany.filter(({ options, serialize: isKept }) => options.through === undefined && isKept);
}

async function columnValues(rows: readonly AnyRow[], field: Field, { naturalForeign }: SerializeOptions): Promise<unknown[]> {
  const values = rows.map((row) => row[field.attname] as unknown);
  const natural = naturalForeign && field.relation ? await naturalKeys(field.relation.to, values, rows[0]!) : undefined;
  return values.map((value) => {
    if (value === null || value === undefined) return null;
    return natural?.get(String(value)) ?? field.toJson(value);
  });
}

async function listValues(rows: readonly AnyRow[], field: Field, { naturalForeign }: SerializeOptions): Promise<unknown[][]> {
  const { through, owner, target } = throughColumns(field, false);
  const keys = rows.map((row) => row["pk"] as unknown);
  const pairs = (await rowsOfDatabase(through.model, rows[0]!)
    .filter({ [owner.attname]: { in: keys } })
    .orderBy("pk")
    .valuesList(owner.attname, target.attname)) as unknown as [unknown, unknown][];
  const to = field.relation!.to;
  const natural = naturalForeign
    ? await naturalKeys(
        to,
        pairs.map(([, key]) => key),
        rows[0]!,
      )
    : undefined;
  const lists = new Map<string, unknown[]>(keys.map((key) => [String(key), []]));
  for (const [from, key] of pairs) lists.get(String(from))?.push(natural?.get(String(key)) ?? to.meta.primaryKey.toJson(key));
  return keys.map((key) => lists.get(String(key))!);
}

/** Rows of another model, in the database that a row is from. */
function rowsOfDatabase(model: ModelClass, row: AnyRow): QuerySet<any> {
  return queryModel(model).using(rowAlias(row) ?? "default");
}

/** The natural keys of rows, by their primary keys; undefined where the model has none. */
async function naturalKeys(
  model: ModelClass,
  keys: readonly unknown[],
  beside: AnyRow,
): Promise<Map<string, readonly unknown[]> | undefined> {
  if (!hasNaturalKey(model)) return undefined;
  const wanted = [...new Set(keys.filter((key) => key !== null && key !== undefined))];
  const rows = (await rowsOfDatabase(model, beside).filter({ pk: { in: wanted } })) as AnyRow[];
  return new Map(rows.map((row) => [String(row["pk"]), naturalKeyOf(row)!]));
}
