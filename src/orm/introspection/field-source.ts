import type { Dialect } from "../names.ts";
import type { ColumnDescription } from "./table-description.ts";

/** A field as a models file writes it, and what it cannot say. */
export interface FieldSource {
  readonly builder: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The field of a list's items. */
  readonly base?: FieldSource | undefined;
  readonly remark?: string | undefined;
}

type Make = (column: ColumnDescription) => FieldSource;

const plain =
  (builder: string): Make =>
  () => ({ builder, options: {} });
const sized: Make = ({ sizes: [maxLength] }) =>
  maxLength === undefined ? { builder: "text", options: {} } : { builder: "char", options: { maxLength } };
const exact: Make = ({ sizes: [maxDigits, decimalPlaces = 0] }) =>
  maxDigits === undefined ? { builder: "decimal", options: {} } : { builder: "decimal", options: { maxDigits, decimalPlaces } };
const remarked =
  (builder: string, remark: string): Make =>
  () => ({ builder, options: {}, remark });

const both: Readonly<Record<string, Make>> = {
  smallint: plain("smallInteger"),
  integer: plain("integer"),
  bigint: plain("bigInteger"),
  boolean: plain("boolean"),
  text: plain("text"),
  date: plain("date"),
};

const sqliteTypes: Readonly<Record<string, Make>> = {
  ...both,
  int: plain("integer"),
  tinyint: plain("smallInteger"),
  "smallint unsigned": plain("positiveSmallInteger"),
  "integer unsigned": plain("positiveInteger"),
  "bigint unsigned": plain("positiveBigInteger"),
  bool: plain("boolean"),
  varchar: sized,
  char: (column) =>
    ({ 36: { builder: "uuid", options: {} }, 39: { builder: "genericIPAddress", options: {} } })[column.sizes[0]!] ??
    sized(column),
  nvarchar: sized,
  "character varying": sized,
  real: plain("float"),
  double: plain("float"),
  "double precision": plain("float"),
  float: plain("float"),
  decimal: exact,
  numeric: exact,
  decimal_text: exact,
  datetime: plain("dateTime"),
  timestamp: plain("dateTime"),
  time: plain("time"),
  json: plain("json"),
  json_text: plain("json"),
  blob: plain("binary"),
};

const postgresTypes: Readonly<Record<string, Make>> = {
  ...both,
  "character varying": sized,
  character: sized,
  "double precision": plain("float"),
  real: plain("float"),
  numeric: exact,
  "timestamp with time zone": plain("dateTime"),
  "timestamp without time zone": remarked("dateTime", "The column has no time zone: its times are read as the session's."),
  "time without time zone": plain("time"),
  interval: plain("duration"),
  uuid: plain("uuid"),
  json: remarked("json", "The column is json, not jsonb: it cannot be compared."),
  jsonb: plain("json"),
  bytea: plain("binary"),
  inet: plain("genericIPAddress"),
  int4range: plain("integerRange"),
  int8range: plain("bigIntegerRange"),
  numrange: plain("decimalRange"),
  daterange: plain("dateRange"),
  tstzrange: plain("dateTimeRange"),
  hstore: plain("hstore"),
  citext: plain("citext"),
  tsvector: plain("tsvector"),
};

const types = { sqlite: sqliteTypes, postgres: postgresTypes };

/** The field that fits a column's type; one that none fits is read as a text, and says so. */
export function fieldSource(column: ColumnDescription, dialect: Dialect): FieldSource {
  if (dialect === "postgres" && column.type.endsWith("[]")) return listSource(column);
  const make = Object.hasOwn(types[dialect], column.type) ? types[dialect][column.type]! : unknownType;
  return make(column);
}

/** A list: its items are of the type before the brackets. A list of no field that is known is read as a text. */
function listSource(column: ColumnDescription): FieldSource {
  const type = column.type.slice(0, -2);
  const base = fieldSource({ ...column, type }, "postgres");
  const isKnown = type.endsWith("[]") ? base.builder === "array" : Object.hasOwn(postgresTypes, type);
  return isKnown ? { builder: "array", options: {}, base, remark: base.remark } : unknownType(column);
}

/** What a models file imports a builder from. */
export function builderDoor(builder: string): string {
  return postgresBuilders.has(builder) ? "cortado/orm/postgres" : "cortado/orm";
}

const postgresBuilders = new Set(
  "array integerRange bigIntegerRange decimalRange dateRange dateTimeRange hstore citext tsvector".split(" "),
);

const unknownType: Make = ({ type }) => ({
  builder: "text",
  options: {},
  remark: type === "" ? "The column has no type." : `The column's type is ${type}, which no field has.`,
});

/** The kind of field that keeps a rule by itself: `("price" >= 0)`, `JSON_VALID("data") OR "data" IS NULL`. */
export function impliedKind(sql: string): { readonly kind: "positive" | "json"; readonly column: string } | undefined {
  const text = sql.replace(/^\((.*)\)$/s, "$1").trim();
  const positive = /^"?(\w+)"? >= \(?0\)?(?:::\w+)?$/.exec(text)?.[1];
  if (positive !== undefined) return { kind: "positive", column: positive };
  const json = /^\(?JSON_VALID\("?(\w+)"?\)(?: OR "?\w+"? IS NULL)?\)?$/i.exec(text)?.[1];
  return json === undefined ? undefined : { kind: "json", column: json };
}
