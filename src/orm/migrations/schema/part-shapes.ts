import type { Field } from "../../fields/field.ts";
import type { Constraint, ExclusionConstraint, UniqueConstraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { fittingName } from "../../model/rules/part-names.ts";
import { conditionSql, type SchemaCondition, type SchemaKey } from "../../model/rules/schema-sql.ts";
import { quoteName } from "../../names.ts";
import type { ColumnShape } from "./column-shape.ts";
import type { ConstraintShape, IndexShape, KeyShape, PartShape, TableContext } from "./shapes.ts";

/** A declared index or constraint in the words of a database; nothing where it has no such thing. */
export function partShapes(part: Constraint | Index, context: TableContext): PartShape[] {
  if (!("type" in part)) return indexShape(part, context);
  if (part.type === "unique") return [declaredUnique(part, context)];
  if (part.type === "exclusion") return context.dialect === "postgres" ? [exclusionShape(part, context)] : [];
  return [{ kind: "check", columns: [], name: part.name, sql: conditionOf(part.condition, context)! }];
}

/** The key of a table: of one column, or of several. */
export function primaryKeyShape({ meta, columns }: TableContext): ConstraintShape[] {
  const parts: readonly Field[] = meta.primaryKey.parts;
  const single = columns.filter(({ field }) => field.primaryKey);
  const own = single.length > 0 ? single : columns.filter(({ field }) => parts.includes(field));
  return own.length === 0
    ? []
    : [{ kind: "primaryKey", columns: own.map(({ id }) => id), name: fittingName([meta.table], "pkey") }];
}

/** What the column of one field must keep: it is unique, or leads to a row of another table. */
export function fieldConstraints(column: ColumnShape, context: TableContext): PartShape[] {
  const { field, id, name } = column;
  const { table } = context.meta;
  const found: PartShape[] = [];
  if (field.unique && !field.primaryKey)
    found.push(uniqueOf({ name: fittingName([table, name], "uniq"), keys: [{ column: id }] }, context));
  const sql = field.columnCheck();
  if (sql !== undefined) found.push({ kind: "check", columns: [], name: fittingName([table, name], "check"), sql });
  const { relation } = field;
  if (!relation?.targetField || !relation.dbConstraint) return found;
  const { meta } = relation.to;
  const { targetField } = relation;
  const target = { table: meta.key, columns: [targetField.name], tableName: meta.table, columnNames: [targetField.column] };
  const onDelete = relation.databaseOnDelete;
  return [...found, { kind: "foreignKey", columns: [id], name: fittingName([table, name], "fk"), target, onDelete }];
}

/** Texts that an index serves get a second one on PostgreSQL, for `startsWith`. */
export function fieldIndexes(column: ColumnShape, { meta, dialect }: TableContext, parts: readonly PartShape[]): IndexShape[] {
  const { field, id, name, type, collation } = column;
  if (!field.dbIndex || field.unique) return [];
  // An index that begins with the column serves it as well as one of its own.
  const isServed = parts.some((part) => servesAlone(part) && leadingColumn(part) === id);
  const plain: IndexShape = { name: fittingName([meta.table, name], "idx"), unique: false, keys: [{ column: id }] };
  const opclass = /^varchar(?!.*\[)/.test(type) ? "varchar_pattern_ops" : type === "text" ? "text_pattern_ops" : undefined;
  const like: IndexShape = { name: fittingName([meta.table, name], "like"), unique: false, keys: [{ column: id, opclass }] };
  const wantsLike = dialect === "postgres" && opclass !== undefined && !field.relation && collation === undefined;
  return [...(isServed ? [] : [plain]), ...(wantsLike ? [like] : [])];
}

function servesAlone(part: PartShape): boolean {
  if (part.condition !== undefined) return false;
  return "kind" in part ? part.kind === "unique" || part.kind === "primaryKey" : (part.using ?? "btree") === "btree";
}

function leadingColumn(part: PartShape): string | undefined {
  return "kind" in part ? part.columns[0] : part.keys[0]?.column;
}

function declaredUnique(constraint: UniqueConstraint, context: TableContext): PartShape {
  const keys = keysOf(constraint, context);
  const { include, deferrable, nullsDistinct, condition } = constraint;
  const shape = {
    name: constraint.name ?? autoName(keys, context, "uniq"),
    keys,
    condition: conditionOf(condition, context),
    include: idsOf(include, context),
    deferrable,
    nullsEqual: nullsDistinct === false ? true : undefined,
  };
  return uniqueOf(shape, context);
}

type UniqueShape = Omit<IndexShape, "unique"> & Pick<ConstraintShape, "deferrable">;

/**
 * On SQLite a unique index, so that it comes and goes without a copy of the table; on PostgreSQL a constraint,
 * which other tables may refer to, unless only an index can say it.
 */
function uniqueOf(shape: UniqueShape, { dialect, columns }: TableContext): PartShape {
  const { name, keys, condition, include, deferrable, nullsEqual } = shape;
  if (dialect === "sqlite") {
    const plain = keys.map(({ opclass: _opclass, ...key }) => key);
    return { name, unique: true, keys: nullsEqual ? plain.flatMap((key) => withNulls(key, columns)) : plain, condition };
  }
  const isPlain = keys.every((key) => key.column !== undefined && key.opclass === undefined && !key.descending);
  if (!isPlain || condition !== undefined) return { name, unique: true, keys, condition, include, nullsEqual };
  return { kind: "unique", name, columns: keys.map((key) => key.column!), include, deferrable, nullsEqual };
}

/** SQLite takes every NULL for another value: a key beside the column says whether there is one. */
function withNulls({ column, sql }: KeyShape, columns: readonly ColumnShape[]): KeyShape[] {
  const text = sql === undefined ? quoteName(columns.find(({ id }) => id === column)!.name) : `(${sql})`;
  return [{ sql: `ifnull(${text}, 0)` }, { sql: `${text} IS NULL` }];
}

function exclusionShape(constraint: ExclusionConstraint, context: TableContext): ConstraintShape {
  const { name, expressions, using = "gist", condition, include, deferrable, opclasses } = constraint;
  const keys = expressions.map(([key, operator], position) => ({
    ...keyOf(key as SchemaKey, context),
    opclass: opclasses?.[position],
    operator,
  }));
  const shared = { condition: conditionOf(condition, context), include: idsOf(include, context), deferrable };
  return { kind: "exclusion", name, columns: [], keys, using, ...shared };
}

/** Kinds of indexes that SQLite has nothing like. */
const postgresOnly: ReadonlySet<string> = new Set(["gin", "gist", "spgist", "brin", "bloom"]);

function indexShape(index: Index, context: TableContext): IndexShape[] {
  const { using, include, storage, dbTablespace: tablespace } = index;
  const keys = keysOf(index, context);
  const common = {
    name: index.name ?? autoName(keys, context, "idx"),
    unique: false,
    condition: conditionOf(index.condition, context),
  };
  if (context.dialect === "postgres")
    return [
      { ...common, keys, include: idsOf(include, context), using: using === "btree" ? undefined : using, storage, tablespace },
    ];
  if (using !== undefined && postgresOnly.has(using)) return [];
  return [{ ...common, keys: keys.map(({ opclass: _opclass, ...key }) => key) }];
}

function keysOf({ fields, opclasses }: Pick<Index, "fields" | "opclasses">, context: TableContext): KeyShape[] {
  return (fields as readonly SchemaKey[]).map((key, position) => ({ ...keyOf(key, context), opclass: opclasses?.[position] }));
}

function keyOf(key: SchemaKey, context: TableContext): KeyShape {
  if (typeof key !== "string") return { sql: conditionOf(key.sql, context)!, descending: key.descending };
  const descending = key.startsWith("-") ? true : undefined;
  return { column: idOf(key.replace(/^-/, ""), context), descending };
}

function idOf(name: string, { columns, meta }: TableContext): string {
  const found = columns.find(({ field }) => field.name === name || field.attname === name)?.id;
  return found ?? meta.field(name).name;
}

function idsOf(names: readonly string[] | undefined, context: TableContext): string[] | undefined {
  return names?.map((name) => idOf(name, context));
}

function conditionOf(condition: SchemaCondition | undefined, { meta, dialect }: TableContext): string | undefined {
  return condition === undefined ? undefined : conditionSql(meta, condition)[dialect];
}

/** `shop_coffee_roaster_id_price_idx`; what has expressions has a name of its own. */
function autoName(keys: readonly KeyShape[], { meta, columns }: TableContext, ending: string): string {
  const names = keys.map((key) => columns.find(({ id }) => id === key.column)?.name ?? "expr");
  return fittingName([meta.table, ...names], ending);
}
