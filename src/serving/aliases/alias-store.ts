import { readFile, rename, rm, stat } from "node:fs/promises";
import type { AliasRecord } from "./alias-target.ts";
import { writeSynced } from "../repositories/manifest.ts";
import { withFolderLock } from "../repositories/remote/folder-lock.ts";

/** For each model, what each of its aliases names. */
export type AliasTable = Record<string, Record<string, AliasRecord>>;

/** What an alias is to be, made of what it is; null removes it. May be called more than once. */
export type AliasUpdate = (before: AliasRecord | undefined) => AliasRecord | null;

/** Keeps what aliases point at. Read again and again, so that several processes agree; the registry keeps it in the database. */
export interface AliasStore {
  read(): Promise<AliasTable>;
  /** Changes one alias, and gives what it is then. Two changes at once, of any processes, happen one after the other. */
  update(model: string, alias: string, change: AliasUpdate): Promise<AliasRecord | null>;
}

/** Aliases that last as long as the process. */
export class MemoryAliasStore implements AliasStore {
  readonly #table: AliasTable = Object.create(null) as AliasTable;

  async read(): Promise<AliasTable> {
    return this.#table;
  }

  async update(model: string, alias: string, change: AliasUpdate): Promise<AliasRecord | null> {
    return applyUpdate(this.#table, { model, alias }, change);
  }
}

/** Milliseconds in which a file that has changed is read again even where it looks the same. */
const FRESH = 1000;

/** Aliases in a JSON file, replaced as a whole. Other processes may change the same file: they do so one after the other. */
export class DiskAliasStore implements AliasStore {
  readonly #file: string;
  #table: AliasTable = {};
  #readAt = "";
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<AliasTable> {
    const stats = await stat(this.#file).catch(() => undefined);
    const changed = stats === undefined ? "" : `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
    // Clocks of file systems tick every few milliseconds: two changes within one tick may look the same.
    const isFresh = stats !== undefined && Date.now() - stats.mtimeMs < FRESH;
    if (changed !== this.#readAt || isFresh) {
      this.#table = stats === undefined ? {} : await this.#load();
      this.#readAt = changed;
    }
    return this.#table;
  }

  update(model: string, alias: string, change: AliasUpdate): Promise<AliasRecord | null> {
    const done = this.#last.then(() =>
      withFolderLock(`${this.#file}.lock`, (demandHeld) => this.#change({ model, alias }, change, demandHeld)),
    );
    this.#last = done.catch(() => {});
    return done;
  }

  async #change(place: Place, change: AliasUpdate, demandHeld: () => Promise<void>): Promise<AliasRecord | null> {
    const table = await this.#load();
    const kept = applyUpdate(table, place, change);
    const temporary = `${this.#file}.new`;
    try {
      await writeSynced(temporary, `${JSON.stringify(table, null, 2)}\n`);
      await demandHeld();
      await rename(temporary, this.#file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return kept;
  }

  async #load(): Promise<AliasTable> {
    try {
      return JSON.parse(await readFile(this.#file, "utf8")) as AliasTable;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  }
}

interface Place {
  model: string;
  alias: string;
}

function applyUpdate(table: AliasTable, { model, alias }: Place, change: AliasUpdate): AliasRecord | null {
  const aliases = Object.hasOwn(table, model) ? table[model]! : (table[model] = {});
  const kept = change(Object.hasOwn(aliases, alias) ? aliases[alias] : undefined);
  if (kept === null) delete aliases[alias];
  else aliases[alias] = kept;
  return kept;
}
