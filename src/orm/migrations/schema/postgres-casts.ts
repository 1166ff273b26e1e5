const numberTypes = /^(?:smallint|integer|bigint|numeric|double precision)/;
const textTypes = /^(?:varchar|text|char)(?!.*\[)/;

/**
 * A column's values as another type. A text that becomes a shorter one is left to PostgreSQL's own way, which
 * refuses what does not fit; its cast would cut it off. Between most numbers and boolean it has no way at all.
 */
export function postgresCast(name: string, from: string, to: string): string | undefined {
  if (textTypes.test(to) && textTypes.test(from)) return undefined;
  if (textTypes.test(to)) return `${name}::text`;
  if (to === "boolean" && numberTypes.test(from)) return `${name} <> 0`;
  if (from === "boolean" && numberTypes.test(to)) return `${name}::integer::${to}`;
  return `${name}::${to}`;
}
