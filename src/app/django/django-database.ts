import type { Database } from "#orm";
import { describeTables, type MiddleTable, middleTables, type TableDescription } from "#orm/introspection";
import { appErrors } from "../errors.ts";

/** A model of a Django project, by what its database says of it. */
export interface DjangoModel {
  /** Django's app label: `shop`. */
  readonly app: string;
  /** The model's name in small letters: `coffee`. */
  readonly model: string;
  readonly table: TableDescription;
}

/** What a database that Django kept holds. */
export interface DjangoDatabase {
  readonly models: readonly DjangoModel[];
  readonly middle: readonly MiddleTable[];
  readonly allTables: readonly TableDescription[];
  /** The model that people log in by. */
  readonly user: DjangoModel | undefined;
  /** Every table that Django and its apps made. */
  readonly tables: readonly string[];
  /** Tables that no model is known to have. */
  readonly unknown: readonly string[];
}

/** Django's own apps: Cortado has its own in their place. */
export const frameworkApps: ReadonlySet<string> = new Set([
  "auth",
  "contenttypes",
  "sessions",
  "admin",
  "sites",
  "messages",
  "staticfiles",
]);

const ownTables = /^(?:django_|auth_(?:user|group|permission)|sqlite_|cortado_)/;

/** Reads what Django left in a database. @throws APP_NOT_DJANGO */
export async function readDjangoDatabase(db: Database): Promise<DjangoDatabase> {
  const tables = (await describeTables(db)).filter(({ kind }) => kind === "table").map(asDjango);
  const byName = new Map(tables.map((table) => [table.name, table]));
  if (!byName.has("django_migrations") || !byName.has("django_content_type"))
    throw appErrors.APP_NOT_DJANGO({ url: db.url, tables: [...byName.keys()] });
  const types = await db.query("SELECT app_label, model FROM django_content_type ORDER BY app_label, model");
  const models = types.flatMap((row) => {
    const [app, model] = [String(row["app_label"]), String(row["model"])];
    const table = byName.get(`${app}_${model}`) ?? byName.get(`${app}_${model}`.toLowerCase());
    return table === undefined ? [] : [{ app, model, table }];
  });
  const middle = middleTables(tables);
  const known = new Set([...models.map(({ table }) => table.name), ...middle.map(({ table }) => table)]);
  const unknown = [...byName.keys()].filter((name) => !known.has(name) && !ownTables.test(name));
  return { models, middle, allTables: tables, user: userModel(models), tables: [...known, ...frameworkTables(byName)], unknown };
}

function frameworkTables(byName: ReadonlyMap<string, TableDescription>): string[] {
  return ["django_migrations", "django_session", "django_content_type"].filter((name) => byName.has(name));
}

/** SQLite says of Django's UUIDs only that they are 32 characters. */
function asDjango(table: TableDescription): TableDescription {
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.type === "char" && column.sizes[0] === 32 ? { ...column, sizes: [36] } : column,
    ),
  };
}

function userModel(models: readonly DjangoModel[]): DjangoModel | undefined {
  const isUser = ({ table }: DjangoModel) =>
    ["password", "last_login"].every((name) => table.columns.some((column) => column.name === name));
  return models.find(({ app, model }) => app === "auth" && model === "user") ?? models.find(isUser);
}
