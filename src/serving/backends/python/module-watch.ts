import { stat } from "node:fs/promises";

/** Knows when one of a handler's own files has changed. */
export class ModuleWatch {
  readonly #stamps = new Map<string, string>();
  #changes = 0;

  /** Watches these files, too. */
  async add(files: readonly string[]): Promise<void> {
    for (const file of files) if (!this.#stamps.has(file)) this.#stamps.set(file, await stampOf(file));
  }

  /** A number that grows when a file has changed since the last look. */
  async look(): Promise<number> {
    for (const [file, known] of this.#stamps) {
      const stamp = await stampOf(file);
      if (stamp === known) continue;
      this.#stamps.set(file, stamp);
      this.#changes++;
    }
    return this.#changes;
  }
}

async function stampOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? "" : `${stats.size}:${stats.mtimeMs}:${stats.ino}`;
}
