import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import { quoteName } from "../names.ts";
import { isGeneric } from "../relations/generic-fields.ts";
import { relationMember } from "../relations/relation-member.ts";
import { visibleAnnotations } from "./annotations.ts";
import type { JoinedRow, RowShape } from "./hydration.ts";
import type { QueryState, Selection } from "./query-state.ts";
import { type Read, readValue } from "./read-values.ts";
import { stepInto } from "./refs.ts";
import type { Compiled, Scope } from "./scope.ts";

/** What a SELECT gives: its columns, in order, and how to read them. */
export interface Columns {
  readonly sql: string[];
  readonly shape: RowShape | undefined;
  readonly reads: readonly Read[];
  /** How many columns each value takes that is a tuple, where there is one. */
  readonly widths?: readonly (number | undefined)[];
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
  if (compiled.some(({ field }) => field?.isComposite)) return tupleColumns(scope, names);
  return {
    sql: compiled.map((value) => selectSql(value, scope)),
    shape: undefined,
    reads: compiled.map((value) => readerOf(value, scope)),
  };
}

/** The same where a name stands for a key of several fields: each of them is a column, and together they are one value. */
function tupleColumns(scope: Scope, names: readonly string[]): Columns {
  const sql: string[] = [];
  const reads: Read[] = [];
  const widths: (number | undefined)[] = [];
  for (const name of names) {
    const compiled = scope.compileName(name);
    const way = name.slice(0, name.lastIndexOf(".") + 1);
    const parts = compiled.field?.isComposite
      ? compiled.field.parts.map((part) => scope.compileName(way + part.attname))
      : [compiled];
    const readers = parts.map((part) => readerOf(part, scope));
    sql.push(...parts.map((part) => selectSql(part, scope)));
    const isTuple = compiled.field?.isComposite === true;
    widths.push(isTuple ? parts.length : undefined);
    reads.push(isTuple ? (tuple: unknown[]) => tuple.map((value, i) => readValue(readers[i], value)) : readers[0]);
  }
  return { sql, shape: undefined, reads, widths };
}

function selectSql({ sql, field }: Compiled, scope: Scope): string {
  return field ? field.selectSql(sql, scope.dialect) : sql;
}

/** How a compiled value is read. */
export function readerOf({ field, read }: Compiled, scope: Scope): Read {
  return read ?? field?.reader(scope.dialect);
}
