import { open, rename, rm, stat, truncate } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CortadoError } from "#kernel";
import { servingErrors } from "../../errors.ts";

/** A content from some byte on. */
export interface OpenedContent {
  chunks: AsyncIterable<Uint8Array>;
  /** The byte at which it begins: not the one that was asked for where the server cannot begin in the middle. */
  start: number;
}

export interface DownloadOptions {
  /** Where the file is to lie when it is whole. */
  path: string;
  /** What it is called in messages. Default: the name of that. */
  name?: string;
  /** Bytes; -1 where they are not known. */
  size: number;
  /** The most bytes that it may have. */
  maxSize: number;
  /** Milliseconds in which next to nothing comes, after which the transfer is begun anew. */
  patience: number;
  signal: AbortSignal;
  open(start: number, signal: AbortSignal): Promise<OpenedContent>;
  /** Looks at the whole file before it gets its name; what it throws makes an end of the file. */
  verify?(path: string): Promise<void>;
}

/** Attempts in a row that bring nothing, after which it is given up. */
const ATTEMPTS = 4;
const FIRST_PAUSE = 250;
/** Bytes that have to come in the time of patience, and in an attempt that is to count as one that brought something: drops hold nobody up. */
const LEAST = 1024;

/**
 * Brings a file: into `<path>.part`, which goes on where an earlier attempt broke off, and to its name when it is whole.
 * @throws SERVING_SOURCE_FAILED, SERVING_BAD_ARTIFACT
 */
export async function download(options: DownloadOptions): Promise<void> {
  // What an earlier attempt finished is there under its own name.
  if (options.size >= 0 && (await sizeOf(options.path)) === options.size && (await exists(options.path))) return;
  const part = `${options.path}.part`;
  for (let fruitless = 0; ;) {
    const before = await sizeOf(part);
    if (options.size >= 0 && before === options.size && (before > 0 || (await exists(part)))) break;
    try {
      const isWhole = await append(part, options);
      if (isWhole) break;
      throw new Error("the transfer broke off");
    } catch (error) {
      if (isFinal(error) || options.signal.aborted) throw error;
      fruitless = (await sizeOf(part)) >= before + LEAST ? 1 : fruitless + 1;
      if (fruitless >= ATTEMPTS) throw failed(options, error);
      await sleep(FIRST_PAUSE * 2 ** (fruitless - 1), undefined, { signal: options.signal });
    }
  }
  try {
    await options.verify?.(part);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, options.path);
}

/** True when all of it is there. */
async function append(part: string, options: DownloadOptions): Promise<boolean> {
  const { size, maxSize } = options;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error("nothing came any more, or next to nothing")), options.patience);
  const signal = AbortSignal.any([options.signal, idle.signal]);
  try {
    const wanted = await sizeOf(part);
    const { chunks, start } = await options.open(wanted, signal);
    if (start !== wanted) await truncate(part, start).catch(ignoreMissing);
    const file = await open(part, "a", 0o600);
    let at = start;
    let counted = start;
    try {
      for await (const chunk of abortable(chunks, signal)) {
        at += chunk.byteLength;
        if (at - counted >= LEAST) {
          timer.refresh();
          counted = at;
        }
        if (at > (size >= 0 ? size : maxSize)) throw tooLong(options);
        await file.write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return size < 0 || at === size;
  } finally {
    clearTimeout(timer);
  }
}

/** The chunks until the signal: not every stream ends by itself when what feeds it hangs. */
async function* abortable(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    void iterator.return?.()?.catch(() => {});
  }
}

function tooLong({ path, name = basename(path), size, maxSize }: DownloadOptions): Error {
  const problem = size >= 0 ? `is longer than the ${size} bytes that its source says` : `is longer than ${maxSize} bytes`;
  return servingErrors.SERVING_BAD_ARTIFACT({ file: name, problem });
}

/** What trying again does not mend: a refusal, or a disk that is full or broken. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof CortadoError || ["ENOSPC", "EDQUOT", "EROFS", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")
  );
}

function failed({ path, name = basename(path) }: DownloadOptions, cause: unknown): Error {
  const problem = `could not be fetched: ${(cause as Error).message}`;
  return servingErrors.SERVING_SOURCE_FAILED({ what: name, problem, cause });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(ignoreMissing))?.size ?? 0;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreMissing)) !== undefined;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
