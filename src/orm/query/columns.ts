import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import { quoteName } from "../names.ts";
import { isGeneric } from "../relations/generic-fields.ts";
import { relationMember } from "../relations/relation-member.ts";
import { visibleAnnotations } from "./annotations.ts";
import type { JoinedRow, RowShape } from "./hydration.ts";
import type { QueryState, Selection } from "./query-state.ts";
import type { Read } from "./read-values.ts";
import { stepInto } from "./refs.ts";
import type { Compiled, Scope } from "./scope.ts";

/** What a SELECT gives: its columns, in order, and how to read them. */
export interface Columns {
  readonly sql: string[];
  readonly shape: RowShape | undefined;
  readonly reads: readonly Read[];
}

/** The columns of a query that gives instances. */
export function instanceColumns(scope: Scope, state: QueryState): Columns {
  const sql: string[] = [];
  const shape = addModel(scope, sql, { names: loadTree(state.load), keep: keptFields(state) });
  const annotations = visibleAnnotations(state).map((name) => {
    const compiled = scope.compileAnnotation(name)!;
    return { name, at: sql.push(selectSql(compiled, scope)) - 1, read: readerOf(compiled, scope) };
  });
  if (state.through?.tellsOwner) sql.push(`middle.${quoteName(state.through.owner.column)}`);
  return { sql, shape: { ...shape, annotations }, reads: [] };
}

/** Relations by their names, and what is loaded behind each. */
export interface LoadTree {
  [name: string]: LoadTree;
}

/** `["roaster", "roaster.owner"]` as a tree. */
export function loadTree(paths: readonly string[]): LoadTree {
  const tree: LoadTree = {};
  for (const path of paths) path.split(".").reduce<LoadTree>((at, name) => (at[name] ??= {}), tree);
  return tree;
}

function addModel(scope: Scope, sql: string[], { names, keep }: { names: LoadTree; keep: (field: Field) => boolean }): RowShape {
  const { meta, dialect } = scope;
  const layout = meta.fields.map((field) => (keep(field) ? sql.push(field.selectSql(scope.column(field), dialect)) - 1 : -1));
  const joined: JoinedRow[] = [];
  for (const [name, inner] of Object.entries(names)) {
    if (isToMany(meta, name)) continue;
    joined.push({ name, shape: addModel(stepInto(scope, name, [name]), sql, { names: inner, keep: () => true }) });
  }
  return { meta, layout, joined, annotations: [] };
}

/** Whether a name leads to many rows, which are loaded by a query of their own. */
export function isToMany(meta: ModelMeta, name: string): boolean {
  if (isGeneric(meta, name)) return true;
  const member = relationMember(meta, name);
  return member.type === "manyToMany" || (member.type === "reverse" && !member.relation.one);
}

function keptFields({ meta, only, deferred }: QueryState): (field: Field) => boolean {
  const resolve = (names: readonly string[]) => new Set(names.map((name) => meta.field(name)));
  const kept = only && resolve(only);
  const left = deferred && resolve(deferred);
  const keys = meta.primaryKey.parts;
  return (field) => keys.includes(field) || ((kept === undefined || kept.has(field)) && !left?.has(field));
}

/** The columns of `values()` and `valuesList()`; names may lead over relations: `"roaster.country"`. */
export function valueColumns(scope: Scope, { names }: Selection): Columns {
  const compiled = names.map((name) => scope.compileName(name));
  return {
    sql: compiled.map((value) => selectSql(value, scope)),
    shape: undefined,
    reads: compiled.map((value) => readerOf(value, scope)),
  };
}

function selectSql({ sql, field }: Compiled, scope: Scope): string {
  return field ? field.selectSql(sql, scope.dialect) : sql;
}

/** How a compiled value is read. */
export function readerOf({ field, read }: Compiled, scope: Scope): Read {
  return read ?? field?.reader(scope.dialect);
}
