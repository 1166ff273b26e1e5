import { readFile, rename, stat } from "node:fs/promises";
import { writeSynced } from "./manifest.ts";

/** For each model, the version that each of its aliases names. */
export type AliasTable = Record<string, Record<string, string>>;

/** Keeps what aliases point at. Read again and again, so that several processes agree; the registry keeps it in the database. */
export interface AliasStore {
  read(): Promise<AliasTable>;
  /** Points an alias at a version, or removes it when the version is null. */
  write(model: string, alias: string, version: string | null): Promise<void>;
}

/** Aliases that last as long as the process. */
export class MemoryAliasStore implements AliasStore {
  readonly #table: AliasTable = Object.create(null) as AliasTable;

  async read(): Promise<AliasTable> {
    return this.#table;
  }

  async write(model: string, alias: string, version: string | null): Promise<void> {
    applyAlias(aliasesOf(this.#table, model), alias, version);
  }
}

/** Aliases in a JSON file, replaced as a whole. */
export class DiskAliasStore implements AliasStore {
  readonly #file: string;
  #table: AliasTable = {};
  #readAt = "";

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<AliasTable> {
    const stats = await stat(this.#file).catch(() => undefined);
    const changed = stats === undefined ? "" : `${stats.ino}:${stats.mtimeMs}`;
    if (changed !== this.#readAt) {
      this.#table = stats === undefined ? {} : (JSON.parse(await readFile(this.#file, "utf8")) as AliasTable);
      this.#readAt = changed;
    }
    return this.#table;
  }

  async write(model: string, alias: string, version: string | null): Promise<void> {
    const table = structuredClone(await this.read());
    applyAlias(aliasesOf(table, model), alias, version);
    const temporary = `${this.#file}.${process.pid}`;
    await writeSynced(temporary, `${JSON.stringify(table, null, 2)}\n`);
    await rename(temporary, this.#file);
  }
}

function aliasesOf(table: AliasTable, model: string): Record<string, string> {
  return (table[model] ??= {});
}

function applyAlias(aliases: Record<string, string>, alias: string, version: string | null): void {
  if (version === null) delete aliases[alias];
  else aliases[alias] = version;
}
