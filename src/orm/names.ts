/** The database systems that have a backend. */
export type Dialect = "sqlite" | "postgres";

/** `isIce` → `is_ice`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** `isIce` → `is ice`, the default label of a field or model. */
export function spacedName(name: string): string {
  return snakeCase(name).replaceAll("_", " ");
}

/** An identifier as SQL: `quoteName("order")` is `"order"`, on both backends. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL: `quoteText("it's")` is `'it''s'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `coffee` → `Coffee`. */
export function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `Coffee` → `coffee`. */
export function uncapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** The n-th parameter's place in SQL (from 1): `?` on SQLite, `$1` on PostgreSQL. */
export function placeholder(dialect: Dialect, n: number): string {
  return dialect === "sqlite" ? "?" : `$${n}`;
}
