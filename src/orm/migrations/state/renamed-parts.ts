import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { isSchemaSql, type SchemaCondition, type SchemaKey, type SchemaSql, type SqlKey } from "../../model/rules/schema-sql.ts";
import type { FieldState } from "./field-state.ts";

/** A field's new name, and its column's. */
export interface FieldRename {
  readonly from: string;
  readonly to: string;
  readonly fromColumn: string;
  readonly toColumn: string;
}

/** An index or a constraint after a field was renamed. */
export function renameInPart<P extends Index | Constraint>(part: P, rename: FieldRename): P {
  const { fields, include, condition, expressions } = part as Record<string, any>;
  return {
    ...part,
    ...(fields && { fields: fields.map((key: SchemaKey) => renamedKey(key, rename)) }),
    ...(include && { include: include.map((name: string) => renamedName(name, rename)) }),
    ...(condition !== undefined && { condition: renamedCondition(condition, rename) }),
    ...(expressions && {
      expressions: expressions.map(([key, operator]: [SchemaKey, string]) => [renamedKey(key, rename), operator]),
    }),
  };
}

/** Another field of the model, which may be computed of the renamed one, or a key that it is a part of. */
export function renameInField(field: FieldState, rename: FieldRename): FieldState {
  const { expression, fields } = field.options as { expression?: SqlKey; fields?: readonly string[] };
  if (field.kind === "generated" && expression !== undefined)
    return { ...field, options: { ...field.options, expression: renamedKey(expression, rename) } };
  if (field.kind === "compositePrimaryKey" && fields !== undefined)
    return { ...field, options: { ...field.options, fields: fields.map((name) => renamedName(name, rename)) } };
  return field;
}

/** `-price` → `-cost`. */
export function renamedName(name: string, { from, to }: Pick<FieldRename, "from" | "to">): string {
  return name.replace(/^-/, "") === from ? name.replace(from, to) : name;
}

function renamedKey(key: SchemaKey, rename: FieldRename): SchemaKey {
  return typeof key === "string" ? renamedName(key, rename) : { ...key, sql: renamedSql(key.sql, rename) };
}

function renamedCondition(condition: SchemaCondition, rename: FieldRename): SchemaCondition {
  if (isSchemaSql(condition)) return renamedSql(condition, rename);
  const { from, to } = rename;
  const names = new Map([
    [from, to],
    [`${from}Id`, `${to}Id`],
  ]);
  return Object.fromEntries(Object.entries(condition).map(([name, value]) => [names.get(name) ?? name, value]));
}

function renamedSql(sql: SchemaSql, { fromColumn, toColumn }: FieldRename): SchemaSql {
  if (typeof sql === "string") return renamedColumn(sql, fromColumn, toColumn);
  const { sqlite, postgres } = sql;
  return { sqlite: renamedColumn(sqlite, fromColumn, toColumn), postgres: renamedColumn(postgres, fromColumn, toColumn) };
}

/** A database renames a column inside its rules and indexes; the text that declares them follows. */
export function renamedColumn(sql: string, from: string, to: string): string {
  if (from === to) return sql;
  return sql.replace(/'(?:[^']|'')*'|\w+/g, (token) => (token === from ? to : token));
}
