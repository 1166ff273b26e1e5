import { resolveKey } from "../../model/registry.ts";
import type { Dialect } from "../../names.ts";
import { relatedModels } from "../state/field-state.ts";
import { historicalModels } from "../state/historical-models.ts";
import type { SchemaHints } from "../operations/operation.ts";
import { modelKey, type ProjectState } from "../state/project-state.ts";
import { renamedColumn } from "../state/renamed-parts.ts";
import type { ColumnShape } from "./column-shape.ts";
import { isConstraint, type KeyShape, type PartShape } from "./shapes.ts";
import { type TableShape, tableShapes } from "./table-shape.ts";

/** A column on both sides, whatever it is called. */
export interface KeptColumn {
  readonly from: ColumnShape;
  readonly to: ColumnShape;
}

/** A table on both sides. */
export interface TableChange {
  readonly from: TableShape;
  readonly to: TableShape;
  readonly kept: readonly KeptColumn[];
  readonly added: readonly ColumnShape[];
  readonly removed: readonly ColumnShape[];
  readonly parts: PartChanges;
}

/** Constraints and indexes of one side only, and those that mean the same under another name. */
export interface PartChanges {
  readonly gone: readonly PartShape[];
  readonly fresh: readonly PartShape[];
  readonly renamed: readonly { readonly from: PartShape; readonly to: PartShape }[];
}

/** What must happen to a database between two states. */
export interface TableChanges {
  readonly created: readonly TableShape[];
  readonly dropped: readonly TableShape[];
  readonly altered: readonly TableChange[];
}

/** How ids of the state before read in the state after. */
interface Renaming {
  table(id: string): string;
  column(table: string, id: string): string;
}

/** Compares the tables of the models that differ, and of those that refer to them. */
export function tableChanges(
  from: ProjectState,
  to: ProjectState,
  { hints, dialect }: { hints: SchemaHints; dialect: Dialect },
): TableChanges {
  const rename = renaming(hints);
  const before = changedTables(from, (key) => to.get(rename.table(key)), dialect);
  const after = changedTables(to, (key) => from.get(hints.model?.to === key ? hints.model.from : key), dialect);
  const renamedBefore = new Map([...before.values()].map((table) => [rename.table(table.id), table]));
  const altered = [...after.values()].flatMap((table) => {
    const old = renamedBefore.get(table.id);
    return old ? [tableChange(old, table, rename)] : [];
  });
  return {
    created: [...after.values()].filter((table) => !renamedBefore.has(table.id)),
    dropped: [...before.values()].filter((table) => !after.has(rename.table(table.id))),
    altered: altered.filter(isChanged),
  };
}

function renaming({ model, field }: SchemaHints): Renaming {
  const table = (id: string): string => {
    if (model && (id === model.from || id.startsWith(`${model.from}.`))) return model.to + id.slice(model.from.length);
    return field && id === `${field.model}.${field.from}` ? `${field.model}.${field.to}` : id;
  };
  return { table, column: (owner, id) => (field && owner === field.model && id === field.from ? field.to : id) };
}

/** Tables of models that are another object on the other side, and of those that refer to them. */
function changedTables(state: ProjectState, other: (key: string) => unknown, dialect: Dialect): Map<string, TableShape> {
  const models = historicalModels(state);
  const changed = new Set(
    state
      .models()
      .filter((model) => other(modelKey(model)) !== model)
      .map(modelKey),
  );
  const concerned = state.models().filter((model) => {
    const related = Object.values(model.fields).flatMap(relatedModels);
    return changed.has(modelKey(model)) || related.some((key) => changed.has(resolveKey(key)));
  });
  const shapes = concerned.flatMap((model) => tableShapes(models.shape(model.app, model.name), dialect));
  return new Map(shapes.map((shape) => [shape.id, shape]));
}

function tableChange(from: TableShape, to: TableShape, rename: Renaming): TableChange {
  const wanted = new Map(to.columns.map((column) => [column.id, column]));
  const kept = from.columns.flatMap((column) => {
    const next = wanted.get(rename.column(from.id, column.id));
    return next ? [{ from: column, to: next }] : [];
  });
  const [old, next] = [new Set(kept.map((pair) => pair.from)), new Set(kept.map((pair) => pair.to))];
  return {
    from,
    to,
    kept,
    added: to.columns.filter((column) => !next.has(column)),
    removed: from.columns.filter((column) => !old.has(column)),
    parts: partChanges({ from, to, kept }, rename),
  };
}

function isChanged(change: TableChange): boolean {
  const { from, to, kept, added, removed, parts } = change;
  if (from.name !== to.name || from.comment !== to.comment || added.length > 0 || removed.length > 0) return true;
  if (kept.some((pair) => pair.from.name !== pair.to.name || pair.from.comment !== pair.to.comment)) return true;
  if (kept.some((pair) => !sameColumn(pair, change))) return true;
  return parts.gone.length > 0 || parts.fresh.length > 0 || parts.renamed.length > 0;
}

/** Whether the two sides of a column differ in their name or comment at most. */
export function sameColumn({ from, to }: KeptColumn, { kept }: Pick<TableChange, "kept">): boolean {
  const plain = (["type", "null", "identity", "default", "collation"] as const).every((name) => from[name] === to[name]);
  const before = from.generated && { ...from.generated, sql: reworded(from.generated.sql, kept) };
  return plain && before?.sql === to.generated?.sql && before?.stored === to.generated?.stored;
}

/** SQL of the state before, after the database renamed the columns in it. */
function reworded(sql: string, kept: readonly KeptColumn[]): string {
  return kept.reduce((text, { from, to }) => renamedColumn(text, from.name, to.name), sql);
}

function partChanges(change: Pick<TableChange, "from" | "to" | "kept">, rename: Renaming): PartChanges {
  const before: PartShape[] = [...change.from.constraints, ...change.from.indexes];
  const fresh: PartShape[] = [...change.to.constraints, ...change.to.indexes];
  const gone: PartShape[] = [];
  const renamed: { from: PartShape; to: PartShape }[] = [];
  for (const part of before) {
    const wanted = meaning(asAfter(part, change, rename));
    const same = fresh.filter((other) => meaning(other) === wanted);
    const found = same.find((other) => other.name === part.name) ?? same[0];
    if (!found) gone.push(part);
    else {
      fresh.splice(fresh.indexOf(found), 1);
      if (found.name !== part.name) renamed.push({ from: part, to: found });
    }
  }
  return { gone, fresh, renamed };
}

/** A part without its name, and without the names in its target, which follow from the ids. */
function meaning(part: PartShape): string {
  const keys = part.keys?.map(({ column, sql, descending, opclass, operator }) => [column, sql, descending, opclass, operator]);
  const shared = [keys, part.condition, part.include, part.using, part.nullsEqual];
  if (!isConstraint(part)) return JSON.stringify(["index", part.unique, ...shared, part.storage, part.tablespace]);
  const { kind, columns, target, onDelete, sql, deferrable } = part;
  return JSON.stringify([kind, columns, target?.table, target?.columns, onDelete, sql, deferrable, ...shared]);
}

/** A part of the state before with the ids and the text that it has after. */
function asAfter(part: PartShape, { from, kept }: Pick<TableChange, "from" | "kept">, rename: Renaming): PartShape {
  const id = (column: string): string => rename.column(from.id, column);
  const text = (sql: string | undefined): string | undefined => (sql === undefined ? undefined : reworded(sql, kept));
  const key = (one: KeyShape): KeyShape => ({
    ...one,
    ...(one.column && { column: id(one.column) }),
    ...(one.sql && { sql: text(one.sql) }),
  });
  const shared = { include: part.include?.map(id), condition: text(part.condition) };
  if (!isConstraint(part)) return { ...part, ...shared, keys: part.keys.map(key) };
  const { columns, target, keys, sql } = part;
  const moved = target && {
    ...target,
    table: rename.table(target.table),
    columns: target.columns.map((column) => rename.column(target.table, column)),
  };
  return {
    ...part,
    ...shared,
    columns: columns.map(id),
    ...(moved && { target: moved }),
    ...(keys && { keys: keys.map(key) }),
    ...(sql !== undefined && { sql: text(sql) }),
  };
}
