import type { Selection } from "./query-state.ts";

/** How a value that the driver gives is read; undefined where it is taken as it is. */
export type Read = ((value: any) => unknown) | undefined;

/** One value of a row; null stays null. */
export function readValue(read: Read, value: unknown): unknown {
  return read === undefined || value === null ? value : read(value);
}

/** Turns rows into what `values()` and `valuesList()` give. */
export function valueReader({ kind, names }: Selection, reads: readonly Read[]): (rows: readonly unknown[][]) => unknown[] {
  if (kind === "flat") return (rows) => rows.map((row) => readValue(reads[0], row[0]));
  if (kind === "list") return (rows) => rows.map((row) => reads.map((read, i) => readValue(read, row[i])));
  return (rows) => rows.map((row) => Object.fromEntries(names.map((name, i) => [name, readValue(reads[i], row[i])])));
}

/** The columns of each row as its values: those of a tuple in one list, or null where one of them is. */
export function gatherTuples(widths: readonly (number | undefined)[], rows: readonly unknown[][]): unknown[][] {
  return rows.map((row) => {
    let at = 0;
    return widths.map((width) => {
      if (width === undefined) return row[at++];
      const tuple = row.slice(at, (at += width));
      return tuple.includes(null) ? null : tuple;
    });
  });
}
