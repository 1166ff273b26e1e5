import type { ModelClass } from "../../model/model-class.ts";
import type { Dialect } from "../../names.ts";
import { relatedModels } from "../field-state.ts";
import { historicalModels } from "../historical-models.ts";
import type { SchemaHints } from "../operations/operation.ts";
import { modelKey, type ProjectState } from "../project-state.ts";
import { type ColumnShape, type ConstraintShape, type IndexShape, type TableShape, tableShapes } from "./table-shape.ts";

/** A table on both sides. */
export interface TableChange {
  readonly from: TableShape;
  readonly to: TableShape;
  /** Columns on both sides, whatever they are called. */
  readonly kept: readonly { readonly from: ColumnShape; readonly to: ColumnShape }[];
  readonly added: readonly ColumnShape[];
  readonly removed: readonly ColumnShape[];
}

/** What must happen to a database between two states. */
export interface TableChanges {
  readonly created: readonly TableShape[];
  readonly dropped: readonly TableShape[];
  readonly altered: readonly TableChange[];
  readonly rename: Renaming;
}

/** How ids of the state before read in the state after. */
export interface Renaming {
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
    altered: altered.filter((change) => isChanged(change, rename)),
    rename,
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
    return changed.has(modelKey(model)) || related.some((key) => changed.has(models.resolveKey(key)));
  });
  const shapes = concerned.flatMap((model) => tableShapes(models.get(model.app, model.name) as ModelClass, dialect));
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
  };
}

function isChanged(change: TableChange, rename: Renaming): boolean {
  const { from, to, kept, added, removed } = change;
  if (from.name !== to.name || added.length > 0 || removed.length > 0) return true;
  if (kept.some((pair) => pair.from.name !== pair.to.name || !sameColumn(pair.from, pair.to))) return true;
  const { gone, fresh, renamed } = partChanges(change, rename);
  return gone.length > 0 || fresh.length > 0 || renamed.length > 0;
}

/** Whether two columns differ in their name at most. */
export function sameColumn(a: ColumnShape, b: ColumnShape): boolean {
  return a.type === b.type && a.null === b.null && a.identity === b.identity;
}

/** A constraint or an index. */
export type PartShape = ConstraintShape | IndexShape;

/** Whether a part is a constraint. */
export function isConstraint(part: PartShape): part is ConstraintShape {
  return "kind" in part;
}

/** Constraints and indexes of one side only, and those that mean the same under another name. */
export function partChanges(
  change: TableChange,
  rename: Renaming,
): { gone: PartShape[]; fresh: PartShape[]; renamed: { from: PartShape; to: PartShape }[] } {
  const before: PartShape[] = [...change.from.constraints, ...change.from.indexes];
  const fresh: PartShape[] = [...change.to.constraints, ...change.to.indexes];
  const gone: PartShape[] = [];
  const renamed: { from: PartShape; to: PartShape }[] = [];
  for (const part of before) {
    const wanted = meaning(part, { rename, table: change.from.id });
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

/** A part without its name, told by ids; a part of the state before reads with the ids of the state after. */
function meaning(part: PartShape, before?: { rename: Renaming; table: string }): string {
  const column = (id: string): string => (before ? before.rename.column(before.table, id) : id);
  const columns = part.columns.map((id) => (id.startsWith("-") ? `-${column(id.slice(1))}` : column(id)));
  if (!isConstraint(part)) return JSON.stringify(["index", columns]);
  const { kind, target, sql } = part;
  const table = target && (before ? before.rename.table(target.table) : target.table);
  const key = target && (before ? before.rename.column(target.table, target.column) : target.column);
  return JSON.stringify([kind, columns, table, key, sql]);
}
