import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "#kernel";
import { Group, userModel } from "#auth";
import { type Dialect, getModel, type ModelMeta, registerModels, snakeCase } from "#orm";
import type { MiddleTable } from "#orm/introspection";
import {
  copyRows,
  type RowsCopy,
  makeMigrations,
  migration,
  type MigrationReference,
  migrationSource,
  setTablesAside,
} from "#orm/migrations";
import type { Project } from "../define-project.ts";
import { appErrors } from "../errors.ts";
import { listApp } from "../list-app.ts";
import type { OpenTables } from "../open-project.ts";
import { projectDatabase } from "../project-database.ts";
import { type DjangoDatabase, readDjangoDatabase } from "./django-database.ts";
import { copyOfMiddle, copyOfPermissions, copyOfTable, copyOfUsers } from "./row-copies.ts";
import { appSource, classNames, importApp, modelsToWrite, writeApp, type WrittenApp } from "./write-apps.ts";

/*
 * How it works. Django's tables are read, and each of its apps becomes an app with models of the same names. A further app, `django`,
 * has two migrations: the first, which runs before all others, sets Django's tables aside; the second, which runs after them, copies
 * the rows into the tables that Cortado made in between: users with their passwords, groups, permissions and all that the apps
 * have. Nothing happens before `cortado migrate`, and nothing is deleted then. In a database that Django never kept, both do nothing.
 */

/** What was written, and what is left to do by hand. */
export interface AdoptedDjango {
  readonly files: readonly string[];
  /** The apps that `cortado.config.ts` must list and could not be listed in by themselves. */
  readonly unlisted: readonly string[];
  readonly notes: readonly string[];
}

/** Writes what takes a project's database over from Django. @throws APP_NOT_DJANGO, APP_NAME_TAKEN, APP_UNKNOWN_DATABASE */
export async function adoptDjango(project: Project, tables: OpenTables, alias?: string): Promise<AdoptedDjango> {
  const { settings } = tables;
  if (settings.apps.some(({ name }) => name === "django")) throw appErrors.APP_NAME_TAKEN({ given: "django" });
  const db = projectDatabase(tables, alias);
  const found = await readDjangoDatabase(db);
  const tried = [...modelsToWrite(found)].map(
    ([name, models]) => [name, writeApp(project.root, { name, models, dialect: db.dialect }, found)] as const,
  );
  const written = tried.flatMap(([, app]) => app ?? []);
  const apps = await Promise.all(written.map(({ name }) => importApp(project.root, name)));
  for (const app of apps) registerModels(app);
  const migrations = await makeMigrations([...settings.apps, ...apps]);
  const adoption = writeAdoption(project.root, { found, written, dialect: db.dialect, apps: [...settings.apps, ...apps] });
  const names = [...written.map(({ name }) => name), "django"];
  return {
    files: [...written.flatMap(({ files }) => files), ...migrations.map(({ path }) => path), ...adoption],
    unlisted: names.filter((name) => project.configFile === undefined || !listApp(project.configFile, name)),
    notes: notesOn(
      found,
      tried.flatMap(([name, app]) => (app === undefined ? [name] : [])),
    ),
  };
}

interface Adoption {
  readonly found: DjangoDatabase;
  readonly written: readonly WrittenApp[];
  readonly dialect: Dialect;
  readonly apps: readonly App[];
}

/** The app `django`: its two migrations. */
function writeAdoption(root: string, adoption: Adoption): string[] {
  const { found, written, apps } = adoption;
  const firsts = firstMigrations(apps);
  const aside = migration({ runBefore: firsts, operations: [setTablesAside({ tables: found.tables })] });
  const rows = migration({
    dependencies: [
      ["django", "0001_set_aside"],
      ["auth", "__latest__"],
      ["@user", "__latest__"],
      ...written.map(({ name }): MigrationReference => [name, "__latest__"]),
    ],
    operations: [copyRows({ tables: copiesOf(adoption) })],
  });
  const files = {
    "app.ts": appSource("django", "", ""),
    "migrations/0001_set_aside.ts": migrationSource({ ...aside, app: "django", name: "0001_set_aside" }),
    "migrations/0002_rows.ts": migrationSource({ ...rows, app: "django", name: "0002_rows" }),
  };
  mkdirSync(join(root, "django/migrations"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "django", name), text);
  return Object.keys(files).map((name) => `django/${name}`);
}

/** The first migrations of every app that makes tables. */
function firstMigrations(apps: readonly App[]): MigrationReference[] {
  return apps.filter(({ models }) => models !== undefined).map(({ name }): MigrationReference => [name, "__first__"]);
}

/** Every table's copy, in an order in which rows come after those that they refer to. */
function copiesOf({ found, written, dialect }: Adoption): RowsCopy[] {
  const users = userModel().meta;
  const group: RowsCopy = { from: "auth_group", to: Group.meta.table, columns: ["id", "name"] };
  const tables = written.flatMap(({ models }) => models.map(({ table }) => copyOfTable(table, dialect)));
  const middle = found.middle.flatMap((one) => {
    const to = middleOf(one, { found, written, users });
    return to === undefined ? [] : [copyOfMiddle(one, keyColumns(one, found), to)];
  });
  return [
    copyOfPermissions(found, users, classNames(found)),
    group,
    ...(found.user ? [copyOfUsers(found, users, dialect)] : []),
    ...tables,
    ...middle,
  ];
}

/** What tells the models of the tables that are left from those of today. */
type Owners = Pick<Adoption, "found" | "written"> & { readonly users: ModelMeta };

/** The middle table that a relation has now. */
function middleOf({ owner, column }: MiddleTable, owners: Owners): ModelMeta | undefined {
  const many = ownerOf(owner, owners)?.localManyToMany ?? [];
  return many.find((field) => snakeCase(field.name) === column)?.relation.through?.meta;
}

/** The model that has the rows of a table now. */
function ownerOf(table: string, { found, written, users }: Owners): ModelMeta | undefined {
  if (table === "auth_group") return Group.meta;
  if (table === found.user?.table.name) return users;
  const model = written.flatMap(({ models }) => models).find((one) => one.table.name === table);
  return model && getModel(`${model.app}.${classNames(found).get(table)!}`).meta;
}

/** The old table's columns: the owner's, then the other's. */
function keyColumns({ table, owner }: MiddleTable, { allTables }: DjangoDatabase): string[] {
  const { foreignKeys } = allTables.find(({ name }) => name === table)!;
  const ordered = foreignKeys.toSorted(
    (a, b) => Number(b.table === owner) - Number(a.table === owner) || (a.columns[0]! < b.columns[0]! ? -1 : 1),
  );
  return ordered.map(({ columns }) => columns[0]!);
}

function notesOn({ user, unknown, models }: DjangoDatabase, present: readonly string[]): string[] {
  const lacking = user?.table.columns.filter(({ name }) => !userModel().meta.fields.some(({ column }) => column === name)) ?? [];
  const generic = models.filter(
    ({ app, table }) => app !== "auth" && app !== "admin" && table.foreignKeys.some((key) => key.table === "django_content_type"),
  );
  return [
    'Django keeps in its code what deleting a row does to those that refer to it: every relation says onDelete: "protect" until you say otherwise.',
    ...present.map(
      (app) =>
        `There is a folder "${app}" already: the models of Django's app ${app} were not written, and their rows are not copied.`,
    ),
    ...lacking.map(
      ({ name }) =>
        `${user!.table.name}.${name} has no field in ${userModel().meta.label}: add one before you migrate, and name it in django/migrations/0002_rows.ts.`,
    ),
    ...generic.map(
      ({ table }) => `${table.name} refers to rows of any model by django_content_type: make it a generic relation by hand.`,
    ),
    ...(unknown.length > 0
      ? [`These tables belong to no model that Django knows, and stay as they are: ${unknown.join(", ")}.`]
      : []),
  ];
}
