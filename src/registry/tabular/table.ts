import type { ColumnKind } from "./tabular-model.ts";

/** A value as a dataset gives it: dates and exact numbers already turned into numbers. */
export type Cell = string | number | boolean | null;

/** A column in memory. A category's `values` are positions in `texts`; NaN is missing. */
export interface TableColumn {
  name: string;
  kind: ColumnKind;
  values: Float64Array;
  texts: readonly string[];
}

/** Gathers rows into columns, and finds out each column's kind from what it meets. */
export class TableBuilder {
  readonly #columns: ColumnBuilder[];
  rows = 0;

  constructor(names: readonly string[]) {
    this.#columns = names.map((name) => new ColumnBuilder(name));
  }

  add(row: readonly Cell[]): void {
    for (let at = 0; at < this.#columns.length; at++) this.#columns[at]!.add(row[at] ?? null);
    this.rows++;
  }

  finish(): TableColumn[] {
    return this.#columns.map((column) => column.finish());
  }
}

class ColumnBuilder {
  readonly #name: string;
  #kind: ColumnKind | undefined;
  #values = new Float64Array(1024);
  #count = 0;
  readonly #positions = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  add(cell: Cell): void {
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count++] = cell === null || cell === "" ? NaN : this.#encode(cell);
  }

  finish(): TableColumn {
    return {
      name: this.#name,
      kind: this.#kind ?? "number",
      values: this.#values.slice(0, this.#count),
      texts: [...this.#positions.keys()],
    };
  }

  #grow(): void {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }

  #encode(cell: string | number | boolean): number {
    const kind = typeof cell === "string" ? "category" : typeof cell === "boolean" ? "boolean" : "number";
    if (this.#kind === undefined) this.#kind = kind;
    else if (this.#kind !== kind) this.#widen(kind);
    return this.#kind === "category" ? this.#position(String(cell)) : Number(cell);
  }

  #position(text: string): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#positions.set(text, this.#positions.size);
    return this.#positions.size - 1;
  }

  /** Yes and no among numbers become 1 and 0; anything among texts becomes text. */
  #widen(met: ColumnKind): void {
    if (this.#kind === "category") return;
    if (met !== "category") {
      this.#kind = "number";
      return;
    }
    const wasBoolean = this.#kind === "boolean";
    this.#kind = "category";
    for (let at = 0; at < this.#count; at++) {
      const value = this.#values[at]!;
      if (!Number.isNaN(value)) this.#values[at] = this.#position(String(wasBoolean ? value === 1 : value));
    }
  }
}
