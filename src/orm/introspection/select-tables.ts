import { introspectionErrors } from "./errors.ts";
import type { TableDescription } from "./table-description.ts";

/** The tables with these names; without names all tables, and views where they are wanted. @throws INTROSPECTION_UNKNOWN_TABLE */
export function selectTables(
  tables: readonly TableDescription[],
  names: readonly string[],
  { views = false }: { views?: boolean | undefined } = {},
): TableDescription[] {
  const known = tables.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw introspectionErrors.INTROSPECTION_UNKNOWN_TABLE({ given: unknown, known });
  if (names.length > 0) return tables.filter(({ name }) => names.includes(name));
  return tables.filter(({ name, kind }) => name !== "cortado_migrations" && (kind === "table" || views));
}
