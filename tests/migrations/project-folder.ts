import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type App, defineApp } from "#kernel";
import { buildModel, clearModels, type Database, type Field, type ModelOptions, openDatabase } from "cortado/orm";
import {
  makeMigrations,
  type MakeMigrationsOptions,
  migrateProject,
  type MigrateOptions,
  type WrittenMigration,
} from "cortado/orm/migrations";
import { temporaryFolder } from "../temporary-folder.ts";

const repository = resolve(import.meta.dirname, "../..");

/** Models of one app: fields, or fields and options. */
export type Declared = Record<string, Record<string, Field> | readonly [Record<string, Field>, ModelOptions]>;

/** A project in a folder of its own, whose models change from step to step as a person would change them. */
export class ProjectFolder {
  readonly folder: string;
  apps: App[] = [];
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<ProjectFolder> {
    const folder = temporaryFolder();
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, "node_modules/cortado"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    return new ProjectFolder(folder);
  }

  /** Says what the models are from now on. */
  declare(apps: Record<string, Declared>): this {
    clearModels();
    this.apps = Object.entries(apps).map(([app, models]) => {
      const built = Object.entries(models).map(([name, declared]) => {
        const [fields, options] = Array.isArray(declared) ? declared : [declared, {}];
        return [
          name,
          buildModel({ app, name, fields: fields as Record<string, Field>, options: options as ModelOptions }),
        ] as const;
      });
      return defineApp({ name: app, models: Object.fromEntries(built), directory: join(this.folder, app) });
    });
    return this;
  }

  make(options: MakeMigrationsOptions = {}): Promise<WrittenMigration[]> {
    return makeMigrations(this.apps, options);
  }

  /** What `makemigrations` finds, as `shop.0002_coffee_price: + Add field price to Coffee`. */
  async found(options: MakeMigrationsOptions = {}): Promise<string[]> {
    const made = await this.make({ dryRun: true, ...options });
    return made.flatMap(({ app, name, operations }) => operations.map((operation) => `${app}.${name}: ${operation}`));
  }

  /** Declares, writes the migrations and runs them. */
  async step(db: Database, apps: Record<string, Declared>, options: MakeMigrationsOptions = {}): Promise<void> {
    await this.declare(apps).make(options);
    await this.migrate(db);
  }

  migrate(db: Database, options: MigrateOptions = {}) {
    return migrateProject(this.apps, db, options);
  }

  /** Writes a migration by hand. */
  async write(app: string, name: string, body: string): Promise<void> {
    await mkdir(join(this.folder, app, "migrations"), { recursive: true });
    const door = 'import * as m from "cortado/orm/migrations";\nimport * as orm from "cortado/orm";\nvoid orm;\n';
    await writeFile(join(this.folder, app, "migrations", `${name}.ts`), `${door}export default m.migration(${body});\n`);
  }

  /** Deletes a migration's file. */
  async remove(app: string, name: string): Promise<void> {
    await rm(join(this.folder, app, "migrations", `${name}.ts`));
  }

  /** The migrations of an app; with "", what lies in the project's own folder. */
  async files(app: string): Promise<string[]> {
    return (await readdir(app === "" ? this.folder : join(this.folder, app, "migrations"))).sort();
  }

  read(app: string, name: string): Promise<string> {
    return readFile(join(this.folder, app, "migrations", `${name}.ts`), "utf8");
  }

  async open(backend: Backend): Promise<Database> {
    const db = await backend.open(this.folder);
    this.#open.push(db);
    return db;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const db of this.#open) await db.close();
    clearModels();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A database system that the suite runs on. */
export interface Backend {
  readonly name: "SQLite" | "PostgreSQL";
  /** An empty database. */
  open(folder: string): Promise<Database>;
}

const sqlite: Backend = { name: "SQLite", open: (folder) => openDatabase(`sqlite:${join(folder, "test.sqlite3")}`) };

const postgresUrl = process.env["CORTADO_TEST_POSTGRES"];
let databaseNumber = 0;

const postgres: Backend = {
  name: "PostgreSQL",
  async open() {
    const name = `cortado_migrations_${process.pid}_${databaseNumber++}`;
    const admin = await openDatabase(postgresUrl!);
    await admin.script(`DROP DATABASE IF EXISTS ${name}`);
    await admin.script(`CREATE DATABASE ${name}`);
    await admin.close();
    const url = new URL(postgresUrl!);
    url.pathname = `/${name}`;
    return openDatabase(url.href);
  },
};

/** SQLite, and PostgreSQL where `CORTADO_TEST_POSTGRES` names one. */
export const backends: readonly Backend[] = postgresUrl === undefined ? [sqlite] : [sqlite, postgres];
