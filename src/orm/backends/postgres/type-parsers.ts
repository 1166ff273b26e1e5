import type pg from "pg";

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

/** Reads values as SQLite gives them, so that fields convert alike: exact numbers, days and JSON as text. */
export function typeParsers(defaults: typeof pg.types): pg.CustomTypesConfig {
  return {
    getTypeParser: (oid: number, format?: "text" | "binary") => parsers.get(oid) ?? defaults.getTypeParser(oid, format as "text"),
  } as pg.CustomTypesConfig;
}
