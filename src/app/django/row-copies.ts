import type { Dialect, ModelMeta } from "#orm";
import type { ColumnDescription, MiddleTable, TableDescription } from "#orm/introspection";
import type { RowsCopy } from "#orm/migrations";
import type { DjangoDatabase } from "./django-database.ts";

/** How the rows of a table come over: what is written alike is taken as it is. */
export function copyOfTable({ name, columns }: TableDescription, dialect: Dialect): RowsCopy {
  const kept = columns.filter(({ generated }) => generated === undefined);
  const values = Object.fromEntries(kept.flatMap((column) => converted(column, dialect)));
  return { from: name, to: name, columns: kept.map((column) => column.name).filter((column) => !(column in values)), values };
}

/** SQLite keeps times, decimals and UUIDs as texts, which Django writes otherwise. */
function converted({ name, type, sizes }: ColumnDescription, dialect: Dialect): [string, string][] {
  if (dialect === "postgres") return [];
  const column = `"${name.replaceAll('"', '""')}"`;
  const present = (sql: string): [string, string][] => [[name, `CASE WHEN ${column} IS NULL THEN NULL ELSE ${sql} END`]];
  if (type === "datetime") return present(`strftime('%Y-%m-%dT%H:%M:%fZ', ${column})`);
  if (type === "decimal")
    return present(sizes[1] === undefined ? `CAST(${column} AS TEXT)` : `printf('%.${sizes[1]}f', ${column})`);
  if (type !== "char" || sizes[0] !== 36) return [];
  const part = (from: number, length: number) => `substr(${column}, ${from}, ${length})`;
  return present([part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || "));
}

/** The rows between two tables, for a middle table whose name or columns are others now. */
export function copyOfMiddle({ table }: MiddleTable, columns: readonly string[], to: ModelMeta): RowsCopy {
  const [owner, target] = to.fields.filter(({ relation }) => relation !== undefined).map(({ column }) => column);
  const values = Object.fromEntries(
    [
      [owner!, columns[0]!],
      [target!, columns[1]!],
    ].map(([column, from]) => [column, `"${from}"`]),
  );
  return { from: table, to: to.table, columns: ["id"], values };
}

/** Users, as the project's own model has them. An address that is missing or not unique becomes one that reaches nobody. */
export function copyOfUsers({ user }: DjangoDatabase, meta: ModelMeta, dialect: Dialect): RowsCopy {
  const { table } = user!;
  const there = new Set(table.columns.map(({ name }) => name));
  const known = copyOfTable(
    { ...table, columns: table.columns.filter(({ name }) => meta.fields.some(({ column }) => column === name)) },
    dialect,
  );
  const key = table.primaryKey[0] ?? "id";
  const nobody = there.has("username") ? "username || '@address.invalid'" : `'user-' || ${key} || '@address.invalid'`;
  const values: Record<string, string> = { ...known.values };
  if (!there.has("username")) values["username"] = `'user-' || ${key}`;
  values["email"] = there.has("email")
    ? `CASE WHEN email = '' OR EXISTS (SELECT 1 FROM {${table.name}} other WHERE LOWER(other.email) = LOWER({${table.name}}.email) AND other.${key} < {${table.name}}.${key}) THEN LOWER(${nobody}) ELSE LOWER(email) END`
    : nobody;
  for (const column of ["first_name", "last_name"]) if (!there.has(column)) values[column] = "''";
  for (const column of ["is_staff", "is_superuser"])
    if (!there.has(column)) values[column] = dialect === "sqlite" ? "0" : "false";
  if (!there.has("is_active")) values["is_active"] = dialect === "sqlite" ? "1" : "true";
  if (!there.has("date_joined")) values["date_joined"] = dialect === "sqlite" ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" : "now()";
  return { ...known, to: meta.table, columns: known.columns!.filter((column) => !(column in values)), values };
}

/** Permissions under Cortado's names: `shop.change_coffee`. The user model's are those of the project's own. */
export function copyOfPermissions(
  { models, user }: DjangoDatabase,
  users: ModelMeta,
  names: ReadonlyMap<string, string>,
): RowsCopy {
  const type = (column: string) => `(SELECT t.${column} FROM {django_content_type} t WHERE t.id = content_type_id)`;
  const isUser = user && `${type("app_label")} = '${user.app}' AND ${type("model")} = '${user.model}'`;
  const app = isUser ? `CASE WHEN ${isUser} THEN '${users.app}' ELSE ${type("app_label")} END` : type("app_label");
  const cases = models
    .filter(({ table }) => names.has(table.name))
    .map((one) => `WHEN '${one.app}.${one.model}' THEN '${names.get(one.table.name)!}'`);
  const own = isUser ? [`WHEN '${user.app}.${user.model}' THEN '${users.name}'`] : [];
  const key = `${type("app_label")} || '.' || ${type("model")}`;
  const subject =
    cases.length + own.length === 0 ? type("model") : `CASE ${key} ${[...own, ...cases].join(" ")} ELSE ${type("model")} END`;
  return {
    from: "auth_permission",
    to: "auth_permission",
    columns: ["id", "name"],
    values: { codename: `${app} || '.' || codename`, app, subject },
  };
}
