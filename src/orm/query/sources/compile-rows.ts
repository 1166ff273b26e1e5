import type { Field } from "../../fields/field.ts";
import type { ModelMeta } from "../../model/meta.ts";
import { quoteName } from "../../names.ts";
import type { Compiler } from "../compiler.ts";
import { type QueryState, startState } from "../query-state.ts";
import type { Scope } from "../scope.ts";
import type { OpenedSource, RowsSource, SourceValue, WriteSelect } from "./rows-source.ts";
import { SourceColumn } from "./source-column.ts";

/** What a query gives when another one reads from it: columns of its model, and values by name. */
export interface GivenColumn {
  readonly name: string;
  readonly field: Field | undefined;
}

/** How a query is written as a source. */
interface RowsOptions {
  /** Whether annotations of `alias()` are given too. */
  readonly hidden?: boolean;
  /** The columns to give, in this order, where they are not all of them. */
  readonly columns?: readonly GivenColumn[];
  /** Columns beside the query's own, by name. */
  readonly extra?: (scope: Scope) => Readonly<Record<string, string>>;
}

/** What writes a query as a source. */
interface RowsWriter extends RowsOptions {
  readonly compiler: Compiler;
  readonly select: WriteSelect;
}

/** A column of the model itself, when a name of `values()` means one. */
function ownField(meta: ModelMeta, name: string): Field | undefined {
  const member = meta.member(name);
  return member?.type === "field" ? member.field : undefined;
}

/** What a query gives to one that reads from it. */
export function givenColumns({ meta, selection, annotations = {}, hidden = [] }: QueryState, all = false): GivenColumn[] {
  if (selection !== undefined) {
    const chosen = selection.names.map((name) => ({ name, field: name in annotations ? undefined : ownField(meta, name) }));
    return meta.primaryKey.isComposite ? withParts(chosen) : chosen;
  }
  const names = Object.keys(annotations).filter((name) => all || !hidden.includes(name));
  return [...meta.fields.map((field) => ({ name: field.attname, field })), ...names.map((name) => ({ name, field: undefined }))];
}

/** Columns where a key of several fields was named: its fields, each once. */
function withParts(chosen: readonly GivenColumn[]): GivenColumn[] {
  const parts = ({ field }: GivenColumn) => field?.parts.map((part) => ({ name: part.attname, field: part }));
  const all = chosen.flatMap((column) => (column.field?.isComposite ? parts(column)! : [column]));
  return [...new Map(all.map((column) => [column.field?.column ?? `.${column.name}`, column])).values()];
}

/** The SELECT of a query, its columns under names that another query can use. */
export function compileRows(state: QueryState, { compiler, select, ...options }: RowsWriter): OpenedSource {
  const columns = new Set<string>();
  const values = new Map<string, SourceValue>();
  const sql = select(state, compiler, (scope) => {
    const own = (options.columns ?? givenColumns(state, options.hidden)).map(({ name, field }) => {
      const compiled = field ? scope.compileField(field) : scope.compileName(name);
      if (field) columns.add(field.column);
      else values.set(name, { field: compiled.field, read: compiled.read });
      return `${compiled.sql} AS ${quoteName(field?.column ?? name)}`;
    });
    const extra = Object.entries(options.extra?.(scope) ?? {}).map(([name, text]) => {
      values.set(name, { field: undefined, read: undefined });
      return `${text} AS ${quoteName(name)}`;
    });
    return [...own, ...extra];
  });
  return { sql, columns, values };
}

/** The rows of a query, read by another. */
export class QuerySource implements RowsSource {
  readonly #state: QueryState;
  readonly #options: RowsOptions;
  constructor(state: QueryState, options: RowsOptions = {}) {
    this.#state = state;
    this.#options = options;
  }
  open(compiler: Compiler, select: WriteSelect): OpenedSource {
    const opened = compileRows(this.#state, { compiler, select, ...this.#options });
    return { ...opened, sql: `(${opened.sql})` };
  }
}

/** A query over a source that gives what the query `of` gives: the same rows, or the same values. */
export function readFrom(source: RowsSource, of: QueryState, all = false): QueryState {
  const { selection, load, prefetch, only, deferred, alias, hidden, empty } = of;
  const values = givenColumns(of, all).filter(({ field }) => field === undefined);
  return {
    ...startState(of.meta),
    source,
    selection,
    load,
    prefetch,
    only,
    deferred,
    alias,
    empty,
    order: [],
    hidden: all ? hidden : undefined,
    annotations: values.length === 0 ? undefined : Object.fromEntries(values.map(({ name }) => [name, new SourceColumn(name)])),
  };
}
