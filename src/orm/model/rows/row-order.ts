import { aliasFor, database } from "../../database/database.ts";
import type { DatabaseUse } from "../../database/routing.ts";
import { ormErrors } from "../../errors.ts";
import type { Field } from "../../fields/field.ts";
import type { QuerySet } from "../../query/query-set.ts";
import { orderField } from "../order-column.ts";
import type { ModelClass } from "../model-class.ts";
import type { ModelMeta } from "../meta.ts";
import { type AnyRow, metaOf } from "./row.ts";
import { rowsBeside } from "./rows-beside.ts";

/** The field that says in respect to what a model's rows are ordered. @throws ORM_BAD_QUERY */
function ownerField(meta: ModelMeta): Field {
  const { orderWithRespectTo } = meta.options;
  if (orderWithRespectTo !== undefined) return meta.columnField(orderWithRespectTo);
  throw ormErrors.ORM_BAD_QUERY({
    reason: `Rows of ${meta.label} have no order of their own.`,
    hint: 'Say in the options what they are ordered in respect to: orderWithRespectTo: "question".',
  });
}

/** The rows of a model that belong to one owner; `row` says in which database they are. */
function siblings(row: AnyRow, meta: ModelMeta, { owner, use }: { owner: unknown; use: DatabaseUse }): QuerySet<any> {
  return rowsBeside(row, meta, use).filter({ [ownerField(meta).attname]: owner });
}

/**
 * The keys of the rows that belong to an owner, in their order.
 *
 * ```ts
 * await orderOf(roaster, Coffee); // [3, 1, 2]
 * ```
 */
export async function orderOf(owner: object, model: ModelClass): Promise<any[]> {
  const row = owner as AnyRow;
  const rows = siblings(row, model.meta, { owner: row["pk"], use: "read" });
  return rows.orderBy(orderField).valuesList("pk", { flat: true });
}

/** Puts the rows that belong to an owner in another order: `await setOrder(roaster, Coffee, [1, 2, 3])`. */
export async function setOrder(owner: object, model: ModelClass, keys: readonly unknown[]): Promise<void> {
  const row = owner as AnyRow;
  const rows = siblings(row, model.meta, { owner: row["pk"], use: "write" });
  await database(aliasFor("write", model.meta, row)).transaction(async () => {
    for (const [place, pk] of keys.entries()) await rows.filter({ pk }).update({ [orderField]: place });
  });
}

/** The row after this one in the order of its owner: `await nextInOrder(coffee)`. @throws the model's DoesNotExist */
export function nextInOrder<T extends object>(row: T): Promise<T> {
  return neighbourInOrder(row, true);
}

/** The row before this one in the order of its owner: `await previousInOrder(coffee)`. @throws the model's DoesNotExist */
export function previousInOrder<T extends object>(row: T): Promise<T> {
  return neighbourInOrder(row, false);
}

async function neighbourInOrder<T extends object>(given: T, forward: boolean): Promise<T> {
  const row = given as unknown as AnyRow;
  const meta = metaOf(row);
  const found = await siblings(row, meta, { owner: row[ownerField(meta).attname], use: "read" })
    .filter({ [orderField]: { [forward ? "gt" : "lt"]: row[orderField] } })
    .orderBy(forward ? orderField : `-${orderField}`)
    .first();
  if (found === null) throw new meta.model.DoesNotExist(meta.label);
  return found as T;
}
