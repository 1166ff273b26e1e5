import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { registryErrors } from "../errors.ts";
import { readValue } from "./dataset-values.ts";
import type { DatasetHeader } from "./write-dataset.ts";

/**
 * The rows of one training, read from their file as often as wanted. Iterating gives objects by column name.
 *
 * ```ts
 * for await (const row of dataset) learn(row.pixels, row.digit);
 * ```
 */
export class Dataset implements AsyncIterable<Record<string, unknown>> {
  readonly file: string;
  readonly header: DatasetHeader;

  constructor(file: string, header: DatasetHeader) {
    this.file = file;
    this.header = header;
  }

  get columns(): readonly string[] {
    return this.header.columns;
  }

  /** Reads the header. @throws REGISTRY_BAD_DATASET */
  static async open(file: string): Promise<Dataset> {
    const lines = new DatasetLines(file);
    for await (const line of lines) return new Dataset(file, line as DatasetHeader);
    throw registryErrors.REGISTRY_BAD_DATASET({ file, reason: "it is empty" });
  }

  /** The rows' values, in the order of `columns`. @throws REGISTRY_BAD_DATASET after the last row when the file is not whole */
  async *values(): AsyncGenerator<unknown[]> {
    let isHeader = true;
    for await (const line of new DatasetLines(this.file)) {
      if (!isHeader) yield (line as never[]).map(readValue);
      isHeader = false;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Record<string, unknown>> {
    for await (const values of this.values()) {
      yield Object.fromEntries(this.columns.map((column, at) => [column, values[at]]));
    }
  }
}

/** The lines of a dataset file, parsed; the last one is held against the others. */
class DatasetLines {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    const hash = createHash("sha256");
    let rows = -1;
    let end: { rows: number; digest: string } | undefined;
    for await (const line of createInterface({ input: createReadStream(this.#file), crlfDelay: Infinity })) {
      if (end) throw this.#bad("something follows its end");
      const parsed = this.#parse(line);
      end = (parsed as { end?: typeof end }).end;
      if (end) continue;
      hash.update(line).update("\n");
      if (++rows === 0 && (parsed as DatasetHeader).format !== 1) throw this.#bad("its first line is not a header of format 1");
      yield parsed;
    }
    if (!end) throw this.#bad("it is cut off before its end");
    if (end.rows !== rows || end.digest !== hash.digest("hex")) throw this.#bad("its digest is not that of its rows");
  }

  #parse(line: string): object {
    try {
      return JSON.parse(line) as object;
    } catch {
      throw this.#bad("a line is not JSON");
    }
  }

  #bad(reason: string): Error {
    return registryErrors.REGISTRY_BAD_DATASET({ file: this.#file, reason });
  }
}
