/** A value as another type, and which rows have none: both as SQL over the column. */
export interface SqliteCast {
  readonly value: string;
  /** True of the rows whose value cannot be converted; undefined where every value can. */
  readonly unfit?: string | undefined;
}

type Family = "integer" | "boolean" | "real" | "decimal" | "text" | "date" | "datetime" | "time" | "json" | "uuid" | "blob";

const families: readonly [RegExp, Family][] = [
  [/^bool/, "boolean"],
  [/int/, "integer"],
  [/^decimal/, "decimal"],
  [/^(?:real|double|float)/, "real"],
  [/^datetime/, "datetime"],
  [/^date/, "date"],
  [/^time/, "time"],
  [/^json/, "json"],
  [/^char\(36\)/, "uuid"],
  [/char|text|clob/, "text"],
];

function familyOf(type: string): Family {
  return families.find(([pattern]) => pattern.test(type))?.[1] ?? "blob";
}

const whole = String.raw`^\s*[-+]?\d+\s*$`;
const number = String.raw`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`;
const uuid = "^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$";

/** SQLite itself would put any value into any column; this converts as PostgreSQL would, and tells what does not convert. */
export function sqliteCast(name: string, from: string, to: string): SqliteCast {
  const [source, target] = [familyOf(from), familyOf(to)];
  return { ...converters[target](name, { source, from, to }) };
}

interface Types {
  source: Family;
  from: string;
  to: string;
}

/** True where a value is there and is none of the wanted kind. */
function unless(name: string, condition: string): string {
  return `${name} IS NOT NULL AND NOT coalesce(${condition}, 0)`;
}

const isNumber: ReadonlySet<Family> = new Set(["integer", "boolean", "real", "decimal"]);

const converters: Readonly<Record<Family, (name: string, types: Types) => SqliteCast>> = {
  integer(name, { source }) {
    if (source === "integer" || source === "boolean") return { value: name };
    if (isNumber.has(source)) return { value: `CAST(round(${name}) AS integer)` };
    return { value: `CAST(${name} AS integer)`, unfit: unless(name, `regexp('${whole}', ${name})`) };
  },
  boolean(name, { source }) {
    if (source === "boolean") return { value: name };
    if (isNumber.has(source)) return { value: `(CAST(${name} AS real) <> 0)` };
    const [yes, no] = ["'t', 'true', 'y', 'yes', 'on', '1'", "'f', 'false', 'n', 'no', 'off', '0'"];
    const text = `lower(trim(${name}))`;
    return { value: `(${text} IN (${yes}))`, unfit: unless(name, `${text} IN (${yes}, ${no})`) };
  },
  real(name, { source }) {
    const value = `CAST(${name} AS real)`;
    return isNumber.has(source) ? { value } : { value, unfit: unless(name, `regexp('${number}', ${name})`) };
  },
  decimal(name, { source, to }) {
    const [digits, places = 0] = (to.match(/\d+/g) ?? []).map(Number);
    const isText = !isNumber.has(source);
    if (digits === undefined)
      return { value: `decimal_add(${name}, 0)`, ...(isText && { unfit: unless(name, `regexp('${number}', ${name})`) }) };
    const fits = `abs(CAST(${name} AS real)) < 1e${digits - places}`;
    return {
      value: `decimal_fixed(${name}, ${places})`,
      unfit: unless(name, isText ? `(regexp('${number}', ${name}) AND ${fits})` : fits),
    };
  },
  text(name, { source, from, to }) {
    const value = source === "boolean" ? `CASE ${name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END` : `CAST(${name} AS text)`;
    const [limit, before] = [lengthOf(to), source === "text" ? lengthOf(from) : 0];
    if (limit === undefined || (before !== undefined && before > 0 && before <= limit)) return { value };
    return { value, unfit: unless(name, `length(${value}) <= ${limit}`) };
  },
  date: (name) => ({ value: `date(${name})`, unfit: unless(name, `date(${name}) IS NOT NULL`) }),
  datetime: (name) => ({
    value: `strftime('%Y-%m-%dT%H:%M:%fZ', ${name})`,
    unfit: unless(name, `datetime(${name}) IS NOT NULL`),
  }),
  time: (name, { source }) => ({
    value: source === "text" ? name : `strftime('%H:%M:%f', ${name})`,
    unfit: unless(name, `time(${name}) IS NOT NULL`),
  }),
  json(name, { source }) {
    const text = `CAST(${name} AS text)`;
    return source === "json" ? { value: name } : { value: text, unfit: unless(name, `json_valid(${text})`) };
  },
  uuid: (name) => ({ value: `CAST(${name} AS text)`, unfit: unless(name, `regexp('${uuid}', ${name})`) }),
  blob: (name) => ({ value: name }),
};

function lengthOf(type: string): number | undefined {
  const found = /\((\d+)\)/.exec(type)?.[1];
  return found === undefined ? undefined : Number(found);
}
