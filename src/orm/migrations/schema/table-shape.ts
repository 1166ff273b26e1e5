import { createHash } from "node:crypto";
import type { Field } from "../../fields/field.ts";
import type { ModelClass } from "../../model/model-class.ts";
import type { Constraint, Index } from "../../model/model-options.ts";
import type { Dialect } from "../../names.ts";

/** A column. `id` is its field's name, which survives a change of the column's name. */
export interface ColumnShape {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly null: boolean;
  /** Whether the database allots its values. */
  readonly identity: boolean;
  readonly field: Field;
}

/** A rule of a table; `columns` are ids. */
export interface ConstraintShape {
  readonly kind: "primaryKey" | "unique" | "foreignKey" | "check";
  readonly name: string;
  readonly columns: readonly string[];
  readonly target?:
    | { readonly table: string; readonly column: string; readonly tableName: string; readonly columnName: string }
    | undefined;
  readonly sql?: string | undefined;
}

/** An index; `columns` are ids, with "-" before those in descending order. */
export interface IndexShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A table as a state wants it. `id` is the model's key, or that and the field's name for a middle table. */
export interface TableShape {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly constraints: readonly ConstraintShape[];
  readonly indexes: readonly IndexShape[];
}

/** The longest name that PostgreSQL keeps whole. */
const nameLimit = 63;

/** A model's table, and the middle tables of its many-to-many fields that declare none. */
export function tableShapes(model: ModelClass, dialect: Dialect): TableShape[] {
  const { meta } = model;
  if (meta.options.managed === false) return [];
  const middle = meta.manyToMany.filter((field) => field.options.through === undefined);
  return [
    tableShape(model, { id: meta.key, columnIds: meta.fields.map((field) => field.name), dialect }),
    ...middle.map((field) => {
      const through = field.relation.through!;
      return tableShape(through, { id: `${meta.key}.${field.name}`, columnIds: ["id", "source", "target"], dialect });
    }),
  ];
}

interface ShapeInput {
  id: string;
  columnIds: readonly string[];
  dialect: Dialect;
}

function tableShape({ meta }: ModelClass, { id, columnIds, dialect }: ShapeInput): TableShape {
  const columns = meta.fields.map((field, position) => columnShape(field, columnIds[position]!, dialect));
  const idOf = (name: string): string =>
    columns.find(({ field }) => field.name === name || field.attname === name)?.id ?? meta.field(name).name;
  const nameOf = (column: string): string => columns.find((one) => one.id === column)!.name;
  const autoName = (ids: readonly string[], ending: string): string => fittingName([meta.table, ...ids.map(nameOf)], ending);
  const { constraints = [], indexes = [] } = meta.options;
  const rules = constraints.map((constraint) => declaredConstraint(constraint, idOf, autoName));
  const declared = indexes.map((index) => declaredIndex(index, idOf, autoName));
  // An index that begins with the column serves it as well as one of its own.
  const leading = new Set([...rules.filter(({ kind }) => kind === "unique"), ...declared].map((part) => part.columns[0]));
  const indexed = columns.filter((column) => column.field.dbIndex && !column.field.unique && !leading.has(column.id));
  const named = new Set(rules.map((rule) => rule.name));
  return {
    id,
    name: meta.table,
    columns,
    constraints: [
      ...columns.flatMap((column) => fieldConstraints(column, meta.table)).filter(({ name }) => !named.has(name)),
      ...rules,
    ],
    indexes: [...indexed.map((column) => ({ columns: [column.id], name: autoName([column.id], "idx") })), ...declared],
  };
}

function columnShape(field: Field, id: string, dialect: Dialect): ColumnShape {
  return { id, name: field.column, type: field.columnType(dialect), null: field.null, identity: field.autoIncrement, field };
}

function fieldConstraints({ id, name, field }: ColumnShape, table: string): ConstraintShape[] {
  const found: ConstraintShape[] = [];
  if (field.primaryKey) found.push({ kind: "primaryKey", columns: [id], name: fittingName([table], "pkey") });
  else if (field.unique) found.push({ kind: "unique", columns: [id], name: fittingName([table, name], "uniq") });
  if (!field.relation) return found;
  const { meta } = field.relation.to;
  const target = { table: meta.key, column: meta.primaryKey.name, tableName: meta.table, columnName: meta.primaryKey.column };
  return [...found, { kind: "foreignKey", columns: [id], name: fittingName([table, name], "fk"), target }];
}

type IdOf = (name: string) => string;
type AutoName = (ids: readonly string[], ending: string) => string;

function declaredConstraint(constraint: Constraint, idOf: IdOf, autoName: AutoName): ConstraintShape {
  if (constraint.type === "check") return { kind: "check", columns: [], name: constraint.name, sql: constraint.sql };
  const columns = constraint.fields.map(idOf);
  return { kind: "unique", columns, name: constraint.name ?? autoName(columns, "uniq") };
}

function declaredIndex(index: Index, idOf: IdOf, autoName: AutoName): IndexShape {
  const columns = index.fields.map((name) => (name.startsWith("-") ? `-${idOf(name.slice(1))}` : idOf(name)));
  const plain = columns.map((column) => column.replace(/^-/, ""));
  return { columns, name: index.name ?? autoName(plain, "idx") };
}

/** `shop_coffee_name_idx`; a name too long keeps its beginning and gets a digest. */
function fittingName(parts: readonly string[], ending: string): string {
  const whole = [...parts, ending].join("_");
  if (whole.length <= nameLimit) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${whole.slice(0, nameLimit - ending.length - 10)}_${digest}_${ending}`;
}
