import type pg from "pg";
import { parseArray } from "../../postgres/arrays/array-text.ts";

const oids = { int8: 20, date: 1082, time: 1083, json: 114, jsonb: 3802, timestamp: 1114, interval: 1186 } as const;

const asText = (text: string) => text;

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

const parsers = new Map<number, (text: string) => unknown>([
  [oids.int8, integer],
  [oids.date, asText],
  [oids.time, asText],
  [oids.timestamp, asText],
  [oids.interval, asText],
  [oids.json, asText],
  [oids.jsonb, asText],
]);

/** Lists of these types have a type of their own: its number, and that of its items. */
const lists = new Map<number, number>([
  [1000, 16], // boolean
  [1001, 17], // bytea
  [1005, 21], // int2
  [1007, 23], // int4
  [1016, 20], // int8
  [1009, 25], // text
  [1015, 1043], // varchar
  [1014, 1042], // char
  [1021, 700], // float4
  [1022, 701], // float8
  [1231, 1700], // numeric
  [1182, 1082], // date
  [1183, 1083], // time
  [1115, 1114], // timestamp
  [1185, 1184], // timestamptz
  [1187, 1186], // interval
  [2951, 2950], // uuid
  [1041, 869], // inet
  [199, 114], // json
  [3807, 3802], // jsonb
]);

/** Reads values as SQLite gives them, so that fields convert alike: exact numbers, days and JSON as text. */
export function typeParsers(defaults: typeof pg.types): pg.CustomTypesConfig {
  const all = new Map(parsers);
  const parserOf = (oid: number) => parsers.get(oid) ?? (defaults.getTypeParser(oid, "text") as (text: string) => unknown);
  for (const [list, item] of lists) {
    const read = parserOf(item);
    all.set(list, (text) => parseArray(text, read));
  }
  return {
    getTypeParser: (oid: number, format?: "text" | "binary") => all.get(oid) ?? defaults.getTypeParser(oid, format as "text"),
  } as pg.CustomTypesConfig;
}
