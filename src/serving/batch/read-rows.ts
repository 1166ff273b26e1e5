import { cellValue, csvRows } from "../bodies/mlflow/csv-items.ts";
import { tableItem } from "../bodies/mlflow/body-items.ts";
import type { Signature } from "../tensors/signature.ts";
import { servingErrors } from "../errors.ts";
import { type FileRecord, fileRecords, type RowsFormat } from "./file-records.ts";
import { type RowProblem, UnreadableRow } from "./predict-rows.ts";

/** A row of a file, and where the next one begins, in bytes. */
export interface FileRow {
  item: unknown;
  end: number;
}

/** A file of rows, and from where on it is read. */
export interface RowsFile {
  file: string;
  format: RowsFormat;
  from: number;
  /** What the model takes, by which the columns of a table become its inputs. */
  signature: Signature | undefined;
}

/** The format that a file's name says. @throws SERVING_BAD_ROWS */
export function formatOf(file: string): RowsFormat {
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return "jsonl";
  const [, ending] = /\.(csv|json)$/i.exec(file) ?? [];
  if (ending !== undefined) return ending.toLowerCase() as RowsFormat;
  throw servingErrors.SERVING_BAD_ROWS({ file, problem: "has an ending that is not .jsonl, .ndjson, .csv or .json" });
}

/** The rows of a file; one that cannot be read is an `UnreadableRow`. @throws SERVING_BAD_ROWS */
export async function* readRows(given: RowsFile): AsyncGenerator<FileRow, void, undefined> {
  const { file, format, from, signature } = given;
  let columns = format === "csv" && from > 0 ? await columnsOf(file) : undefined;
  for await (const record of fileRecords(file, format, from)) {
    if (record.text.trim() === "") continue;
    if (format !== "csv") yield { item: jsonItem(record), end: record.end };
    else if (columns === undefined) columns = cellsOf(record);
    else yield { item: tableRow(columns, record, signature), end: record.end };
  }
}

/** The names in the first line. */
async function columnsOf(file: string): Promise<string[]> {
  for await (const record of fileRecords(file, "csv")) if (record.text !== "") return cellsOf(record);
  return [];
}

function cellsOf({ text }: FileRecord): string[] {
  return csvRows(text)[0] ?? [];
}

function jsonItem({ text }: FileRecord): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return new UnreadableRow(problemOf(`The row is not JSON: ${(error as Error).message}`));
  }
}

function tableRow(columns: readonly string[], record: FileRecord, signature: Signature | undefined): unknown {
  let cells: string[];
  try {
    cells = cellsOf(record);
  } catch {
    return new UnreadableRow(problemOf("The row has a quote that does not close, or stands inside a cell"));
  }
  if (cells.length !== columns.length)
    return new UnreadableRow(problemOf(`The row has ${cells.length} cells, and there are ${columns.length} columns`));
  return tableItem(columns, cells.map(cellValue), signature);
}

function problemOf(message: string): RowProblem {
  return { code: "SERVING_BAD_INPUT", message: `${message}.` };
}
