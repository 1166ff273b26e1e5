import { type DatePart, dateParts, dayOrTimeSql, extractSql } from "../expressions/date-sql.ts";
import { outputs } from "../expressions/outputs.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import type { Transform } from "./lookup.ts";

const moments = new Set(["dateTime"]);
const withDays = new Set(["dateTime", "date"]);
const withClocks = new Set(["dateTime", "time"]);

function part(name: DatePart): Transform {
  const isClock = name === "hour" || name === "minute" || name === "second";
  return { kinds: isClock ? withClocks : withDays, apply: (left, scope) => extractSql(scope, left, { part: name }) };
}

const texts = new Set("char text slug email url uuid file image filePath genericIPAddress".split(" "));

function textTransform(names: { sqlite: string; postgres: string }, output: "text" | "integer"): Transform {
  return {
    kinds: texts,
    apply: (left: Compiled, scope: Scope) => {
      const isText =
        scope.dialect === "sqlite" || /^(?:char|varchar|text)(?!.*\[)/.test(left.field?.columnType("postgres") ?? "text");
      const text = isText ? left.sql : `CAST(${left.sql} AS text)`;
      return { sql: `${names[scope.dialect]}(${text})`, field: outputs[output], label: left.label ?? left.field?.label };
    },
  };
}

/** What is taken of a value before it is compared by a lookup: `{ created: { year: { gte: 2025 } } }`. */
export const transforms: Readonly<Record<string, Transform>> = {
  ...Object.fromEntries(dateParts.map((name) => [name, part(name)])),
  date: { kinds: withDays, apply: (left, scope) => dayOrTimeSql(scope, left, { kind: "date" }) },
  time: { kinds: moments, apply: (left, scope) => dayOrTimeSql(scope, left, { kind: "time" }) },
  lower: textTransform({ sqlite: "unicode_lower", postgres: "LOWER" }, "text"),
  upper: textTransform({ sqlite: "unicode_upper", postgres: "UPPER" }, "text"),
  length: textTransform({ sqlite: "LENGTH", postgres: "LENGTH" }, "integer"),
  trim: textTransform({ sqlite: "TRIM", postgres: "BTRIM" }, "text"),
};
