import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TableColumn, TableBuilder } from "../../src/registry/tabular/table.ts";

const data = join(import.meta.dirname, "../../node_modules/vega-datasets/data");

/** A data set of the package vega-datasets, as it was published. */
export function vegaData(file: string): Record<string, any>[] {
  return JSON.parse(readFileSync(join(data, file), "utf8")) as Record<string, any>[];
}

export function tableOf(rows: readonly Record<string, any>[], names: readonly string[]): TableColumn[] {
  const builder = new TableBuilder(names);
  for (const row of rows) builder.add(names.map((name) => row[name] ?? null));
  return builder.finish();
}

export const penguinColumns = [
  "Species",
  "Island",
  "Beak Length (mm)",
  "Beak Depth (mm)",
  "Flipper Length (mm)",
  "Body Mass (g)",
  "Sex",
];
