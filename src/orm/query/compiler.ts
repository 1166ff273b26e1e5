import { isDecimal, Temporal } from "#validation";
import type { Converter, Field } from "../fields/field.ts";
import { writeValue } from "../fields/write-value.ts";
import { comparedValue } from "../model/rows/row-key.ts";
import { type Dialect, placeholder } from "../names.ts";
import type { Scope } from "./scope.ts";
import { type NamedQuery, NamedQueries } from "./sources/named-queries.ts";
import type { OpenedSource } from "./sources/rows-source.ts";

/** Collects the parameters of one statement, and hands out table aliases. */
export class Compiler {
  readonly dialect: Dialect;
  readonly values: unknown[] = [];
  readonly converters: Converter[] = [];
  /** False when the SQL depends on more than the query's shape. */
  cacheable = true;
  /** Whether values are written into the SQL, as a table's definition needs. */
  readonly isLiteral: boolean = false;
  /** The table of the query within which a sub-query is being compiled. */
  enclosing: Scope | undefined = undefined;
  #aliases = 0;
  #named: NamedQueries | undefined;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** Takes a value and gives its placeholder. */
  param(value: unknown, convert?: Converter): string {
    this.converters.push(convert);
    const n = this.values.push(value);
    return this.dialect === "sqlite" ? `?${n}` : placeholder("postgres", n);
  }

  /** Compiles a sub-query of `outer`. */
  within<T>(outer: Scope | undefined, compile: () => T): T {
    const before = this.enclosing;
    this.enclosing = outer;
    try {
      return compile();
    } finally {
      this.enclosing = before;
    }
  }

  nextAlias(): string {
    return `t${this.#aliases++}`;
  }
  /** Opens a query that the statement names; `write` is called for the first use. */
  named(query: { readonly name: string }, write: () => NamedQuery): OpenedSource {
    return (this.#named ??= new NamedQueries()).open(query, write);
  }
  /** The whole statement: the queries that it names come first. */
  statement(sql: string): string {
    return this.#named === undefined ? sql : this.#named.before(sql);
  }

  /** How a value is given to the driver: as its field says, else by its own type. */
  converterFor(value: unknown, field: Field | undefined): Converter {
    const key = comparedValue(field, value);
    if (!Object.is(key, value)) {
      const convert = this.converterFor(key, field);
      return (row) => (convert === undefined ? comparedValue(field, row) : convert(comparedValue(field, row)));
    }
    if (field !== undefined) {
      const compare = field.comparer(this.dialect);
      return compare && ((given) => writeValue(compare, given, field));
    }
    if (typeof value === "boolean") return this.dialect === "sqlite" ? Number : undefined;
    if (value instanceof Date) return (date) => (date as Date).toISOString();
    if (isDecimal(value) || value instanceof Temporal.PlainDate || value instanceof Temporal.PlainTime) return String;
    return undefined;
  }

  /** The parameters as the driver takes them. */
  get params(): unknown[] {
    return bindParams(this.values, this.converters);
  }
}

/** Values through their converters; null stays null. */
export function bindParams(values: readonly unknown[], converters: readonly Converter[]): unknown[] {
  const params: unknown[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const convert = converters[i];
    params.push(convert === undefined || value === null ? value : convert(value));
  }
  return params;
}
