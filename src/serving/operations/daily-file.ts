import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Bytes that may wait for the disk; what comes then is refused. */
const MOST_WAITING = 8 * 2 ** 20;
/** Milliseconds before a file that could not be written is tried again. */
const TRY_AGAIN = 5000;
const DAY = 86_400_000;

export interface DailyFileOptions {
  keepDays: number | undefined;
  warn(message: string): void;
}

/** Lines in a folder, in a file for each day. Nobody but this user may read them. */
export class DailyFile {
  readonly #folder: string;
  readonly #options: DailyFileOptions;
  #stream: WriteStream | undefined;
  #day = "";
  #restsUntil = 0;

  constructor(folder: string, options: DailyFileOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** False where the line was not taken: the disk is too slow, or full. */
  write(line: string, time: Date): boolean {
    const day = time.toISOString().slice(0, 10);
    if (day !== this.#day) this.#end();
    if (this.#stream === undefined && performance.now() < this.#restsUntil) return false;
    this.#stream ??= this.#open(day, time);
    if (this.#stream === undefined || this.#stream.writableLength > MOST_WAITING) return false;
    this.#stream.write(`${line}\n`);
    return true;
  }

  /** Fulfilled when everything is written. */
  async close(): Promise<void> {
    const stream = this.#end();
    if (stream && !stream.closed) await new Promise<void>((done) => stream.once("close", () => done()));
  }

  #end(): WriteStream | undefined {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.end();
    return stream;
  }

  #open(day: string, time: Date): WriteStream | undefined {
    this.#day = day;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.#fail(error as Error);
      return undefined;
    }
    const stream = createWriteStream(join(this.#folder, `${day}.jsonl`), { flags: "a", mode: 0o600 });
    stream.on("error", (error) => {
      if (this.#stream === stream) this.#stream = undefined;
      this.#fail(error);
    });
    void this.#removeOld(time);
    return stream;
  }

  #fail(error: Error): void {
    this.#restsUntil = performance.now() + TRY_AGAIN;
    this.#options.warn(`Predictions cannot be written down: ${(error as NodeJS.ErrnoException).code ?? error.message}.`);
  }

  async #removeOld(time: Date): Promise<void> {
    const { keepDays } = this.#options;
    if (keepDays === undefined) return;
    const oldest = new Date(time.getTime() - keepDays * DAY).toISOString().slice(0, 10);
    const files = await readdir(this.#folder).catch(() => []);
    const old = files.filter((file) => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(file) && file.slice(0, 10) < oldest);
    await Promise.all(old.map((file) => rm(join(this.#folder, file), { force: true })));
  }
}
