import type { ColumnDescription } from "./table-description.ts";

/** A column's default as a field's option, or what is to be told of one that no option says. */
export function defaultOf(
  { defaultSql }: ColumnDescription,
  builder: string,
): { defaults: Record<string, unknown>; told?: string } {
  if (defaultSql === undefined || /^null(?:::|$)/i.test(defaultSql)) return { defaults: {} };
  const value = valueFor(builder, plainDefault(defaultSql));
  if (value !== undefined) return { defaults: { dbDefault: value } };
  return { defaults: {}, told: `The database's default is ${defaultSql}.` };
}

/** A default as a field of this kind has it. */
function valueFor(builder: string, value: string | number | boolean | undefined): unknown {
  if (builder === "boolean") return value === undefined ? undefined : value === true || value === 1;
  if (/^(?:bigInteger|positiveBigInteger)$/.test(builder)) return typeof value === "number" ? BigInt(value) : undefined;
  return /^(?:char|text|citext|integer|smallInteger|positive\w+|float|decimal)$/.test(builder) ? value : undefined;
}

/** A default that is a plain value, as the field has it; undefined where it is an expression. */
function plainDefault(sql: string): string | number | boolean | undefined {
  const text = sql.replace(/::[\w\s"[\]]+$/, "").replace(/^\((.*)\)$/s, "$1");
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const quoted = /^'((?:[^']|'')*)'$/s.exec(text)?.[1];
  return quoted?.replaceAll("''", "'");
}
