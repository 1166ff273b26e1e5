import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { RowSource } from "#validation";
import { registryErrors } from "../errors.ts";
import { writeValue } from "./dataset-values.ts";

/** Rows in an order, as a QuerySet, a generator or an array gives them. */
export type Rows = RowSource<object> | Iterable<object>;

export interface DatasetRequest {
  file: string;
  /** The model that will learn from it, for errors. */
  model: string;
  rows: Rows;
  /** Names of values, `roaster.country` following relations. Without them every column of the first row is written. */
  columns?: readonly string[] | undefined;
}

/** What a dataset file says of itself in its first line. */
export interface DatasetHeader {
  format: 1;
  model: string;
  /** One entry a value of a row, in order. */
  columns: readonly string[];
  /** The column that tells rows apart, where there is one. */
  key?: string | undefined;
  /** Which rows these are. */
  query?: string | undefined;
}

/** What is kept of a dataset beside the model that came of it. */
export interface DatasetSummary {
  rows: number;
  /** sha256 of every line but the last. */
  digest: string;
  key?: string | undefined;
  query?: string | undefined;
}

/** The side of a model's rows that the ORM gives: enough of a QuerySet and its model to read them well. */
interface QuerySetLike {
  iterator?: () => AsyncIterable<object>;
  with?: (...relations: string[]) => Rows;
  description?: string;
  model?: { meta: { key: string; primaryKey: { name: string }; fields: readonly { attname: string }[] } };
}

/** How many bytes of lines are gathered before they are written. */
const writeSize = 1 << 16;

/**
 * Streams rows into a file of JSON lines: a header, a list of values a row, and last `{"end": {rows, digest}}`, by which a
 * file that was cut off or changed is known. Memory does not grow with the rows.
 * @throws REGISTRY_UNKNOWN_COLUMN, REGISTRY_BAD_VALUE
 */
export async function writeDataset(request: DatasetRequest): Promise<DatasetSummary> {
  const source = joinRelations(request.rows, request.columns);
  const { model: ormModel } = source as QuerySetLike;
  const key = ormModel?.meta.primaryKey.name;
  const query = (source as QuerySetLike).description ?? ormModel?.meta.key;
  const file = new DigestedFile(await open(request.file, "w"));
  try {
    let columns: readonly string[] | undefined;
    let rows = 0;
    for await (const row of iterate(source)) {
      if (!columns) {
        columns = columnsOf(request, row, key);
        await file.line({ format: 1, model: request.model, columns, key, query } satisfies DatasetHeader);
      }
      await file.line(await readRow(request.model, { row, columns, number: ++rows }));
    }
    if (!columns)
      await file.line({ format: 1, model: request.model, columns: request.columns ?? [], key, query } satisfies DatasetHeader);
    return { rows, digest: await file.end(rows), key, query };
  } finally {
    await file.close();
  }
}

/** Relations that columns follow are read together with the rows, not one by one. */
function joinRelations(rows: Rows, columns: readonly string[] = []): Rows {
  const relations = new Set(
    columns.filter((column) => column.includes(".")).map((column) => column.slice(0, column.lastIndexOf("."))),
  );
  const { with: join } = rows as QuerySetLike;
  return relations.size > 0 && join ? join.apply(rows, [...relations]) : rows;
}

function iterate(rows: Rows): AsyncIterable<object> | Iterable<object> {
  return (rows as QuerySetLike).iterator?.() ?? rows;
}

/** The key first, then what was asked for; every name must be one of the row's. */
function columnsOf(request: DatasetRequest, first: object, key: string | undefined): readonly string[] {
  const known = namesOf(first, request.rows);
  for (const column of request.columns ?? []) {
    if (column.split(".")[0]! in first) continue;
    throw registryErrors.REGISTRY_UNKNOWN_COLUMN({ model: request.model, column, known });
  }
  return [...new Set([...(key ? [key] : []), ...(request.columns ?? known)])];
}

function namesOf(row: object, rows: Rows): string[] {
  const meta = (rows as QuerySetLike).model?.meta;
  return meta ? meta.fields.map((field) => field.attname) : Object.keys(row);
}

async function readRow(
  model: string,
  { row, columns, number }: { row: object; columns: readonly string[]; number: number },
): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const column of columns) {
    const value = await valueAt(row, column);
    const written = writeValue(value);
    if (written === undefined)
      throw registryErrors.REGISTRY_BAD_VALUE({ model, column, row: number, given: `a ${typeof value}` });
    values.push(written);
  }
  return values;
}

async function valueAt(row: object, path: string): Promise<unknown> {
  let value: unknown = row;
  for (const name of path.split(".")) {
    if (value === null || value === undefined) return null;
    value = await (value as Record<string, unknown>)[name];
  }
  return value;
}

type FileHandle = Awaited<ReturnType<typeof open>>;

/** Lines go to the file and into the digest in large pieces. */
class DigestedFile {
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  #pending = "";

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async line(value: unknown): Promise<void> {
    this.#pending += `${JSON.stringify(value)}\n`;
    if (this.#pending.length >= writeSize) await this.#flush();
  }

  async end(rows: number): Promise<string> {
    await this.#flush();
    const digest = this.#hash.digest("hex");
    await this.#handle.write(`${JSON.stringify({ end: { rows, digest } })}\n`);
    await this.#handle.sync();
    return digest;
  }

  async #flush(): Promise<void> {
    this.#hash.update(this.#pending);
    await this.#handle.write(this.#pending);
    this.#pending = "";
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
