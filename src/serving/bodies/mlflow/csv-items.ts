import { servingErrors } from "../../errors.ts";
import type { Signature } from "../../tensors/signature.ts";
import { tableItem } from "./body-items.ts";

/** The rows of comma-separated values, the first line naming the columns, as items. Cells that read as numbers are. @throws SERVING_BAD_INPUT */
export function csvItems(text: string, signature: Signature | undefined): unknown[] {
  const [columns, ...rows] = csvRows(text);
  if (columns === undefined) throw servingErrors.SERVING_BAD_INPUT({ where: "The body", problem: "has no line of column names" });
  return rows.map((row, i) => {
    if (row.length === columns.length) return tableItem(columns, row.map(cellValue), signature);
    const problem = `has ${row.length} cells, and there are ${columns.length} columns`;
    throw servingErrors.SERVING_BAD_INPUT({ where: `Line ${i + 2}`, problem });
  });
}

/** The cells of the lines: separated by commas, in quotes where they hold commas, line breaks or quotes. */
export function csvRows(text: string): string[][] {
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    if (found === null) {
      const where = `Line ${rows.length + 1}`;
      throw servingErrors.SERVING_BAD_INPUT({ where, problem: "has a quote that does not close, or stands inside a cell" });
    }
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    at = cell.lastIndex;
    if (found[3] === "," && at < text.length) continue;
    if (found[3] === ",") row.push("");
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** A number, a truth value, nothing, or the text itself. */
export function cellValue(cell: string): unknown {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(cell)) return Number(cell);
  if (cell === "" || /^nan$/i.test(cell)) return null;
  return /^(?:true|false)$/i.test(cell) ? cell.toLowerCase() === "true" : cell;
}
