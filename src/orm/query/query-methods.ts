import { ormErrors } from "../errors.ts";
import type { Compiled } from "./scope.ts";
import { compileSelect } from "./select.ts";
import type { Compiler } from "./compiler.ts";
import { unorderedUnlessSliced } from "./aggregates.ts";
import { Reading } from "./methods/reading.ts";
import { type RawOptions, RawQuery } from "./raw-query.ts";
import type { Sql } from "./sql-tag.ts";
import type { AnyRecord, CreateValues, UpdateValues, ValueName, Where } from "./typing.ts";
import type { RowRefs } from "./methods/narrowing.ts";
import { bulkCreate, type BulkCreateOptions } from "./writes/bulk-create.ts";
import { bulkUpdate, type BulkUpdateOptions } from "./writes/bulk-update.ts";
import { deleteQuery } from "./writes/delete-query.ts";
import { createRow, getOrCreate, type Lazy, type RowSeeker, updateOrCreate } from "./writes/get-or-create.ts";
import { updateQuery } from "./writes/update-query.ts";

export type { Kept, KeptMethods, QueryOf, queryType } from "./methods/narrowing.ts";

type Defaults<T> = Partial<CreateValues<T>>;

/** How `updateOrCreate` differs for rows that it makes. */
export interface UpdateOrCreateOptions<T> {
  readonly createDefaults?: Lazy<Defaults<T>>;
}

/**
 * What managers and query sets share: which rows (`methods/narrowing.ts`), what each row is
 * (`methods/shaping.ts`), what reads them (`methods/reading.ts`), and here what changes them.
 */
export abstract class QueryMethods<T, Row = T, A = unknown> extends Reading<T, Row, A> {
  /** Makes a row and saves it. */
  create(values: CreateValues<T>): Promise<T> {
    return createRow<T>(this.state, values as AnyRecord);
  }
  /**
   * The row with these values, made with `defaults` when there is none; and whether it was made. Two callers at
   * once get the same row. Lookups may say which row: `getOrCreate({ name: { iexact: "latte" } }, { name: "Latte" })`.
   */
  getOrCreate(values: Where<T>, defaults: Lazy<Defaults<T>> = {} as Defaults<T>): Promise<[T, boolean]> {
    return getOrCreate(this.#seeker, values as AnyRecord, defaults as AnyRecord);
  }
  /** The row with these values, changed to `defaults`, or made with both; `createDefaults` are for a new row instead. */
  updateOrCreate(
    values: Where<T>,
    defaults: Lazy<Defaults<T>> = {} as Defaults<T>,
    options: UpdateOrCreateOptions<T> = {},
  ): Promise<[T, boolean]> {
    const given = { defaults: defaults as AnyRecord, createDefaults: options.createDefaults as AnyRecord | undefined };
    return updateOrCreate(this.#seeker, values as AnyRecord, given);
  }
  /** Inserts many rows with few statements, in one transaction; they have their keys then. */
  bulkCreate(rows: Iterable<T | CreateValues<T>>, options: BulkCreateOptions = {}): Promise<T[]> {
    return bulkCreate(this.state, rows as Iterable<object>, options) as Promise<T[]>;
  }
  /** Writes the named fields of many rows with few statements, in one transaction; gives how many there were. */
  bulkUpdate(rows: Iterable<T>, names: readonly ValueName<T, unknown>[], options: BulkUpdateOptions = {}): Promise<number> {
    return bulkUpdate(this.state, rows as Iterable<object>, { names, options });
  }
  /** Changes every row of the query with one statement: `update(c => ({ price: c.price.add(100) }))`; gives how many. */
  update(values: UpdateValues<T> | ((row: RowRefs<T, A>) => UpdateValues<T>)): Promise<number> {
    return updateQuery(this.state, (typeof values === "function" ? values(this.refs) : values) as AnyRecord);
  }
  /** Deletes every row of the query and what depends on them; gives how many rows went. @throws ORM_PROTECTED */
  delete(): Promise<number> {
    return deleteQuery(this.state);
  }
  /**
   * Rows from SQL of your own: raw(sql`SELECT …, COUNT(*) AS n FROM …`, { extra: z.object({ n: z.number() }) }). It
   * must give the primary key; fields that it leaves out are deferred.
   */
  raw<Extra = unknown>(query: Sql, options?: RawOptions<Extra>): RawQuery<T & Extra>;
  raw<Extra = unknown>(query: string, params?: readonly unknown[], options?: RawOptions<Extra>): RawQuery<T & Extra>;
  raw(query: string | Sql, second: readonly unknown[] | RawOptions = {}, third: RawOptions = {}): RawQuery<any> {
    const isParams = Array.isArray(second);
    return new RawQuery(this.state, {
      sql: query,
      params: isParams ? second : [],
      options: isParams ? third : (second as RawOptions),
    });
  }

  /** This query in parentheses, for `in` and counts: its primary keys, or the values it selects. @internal */
  compileSubQuery(compiler: Compiler, whole = false): Compiled {
    const { state } = this;
    const [name, second] = state.selection?.names ?? [];
    if (second !== undefined && !whole)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `A query of several values of ${state.meta.label} (${state.selection!.names.join(", ")}) stands where one is compared.`,
        hint: `Select one: values("${name}").`,
      });
    let selected: Compiled = { sql: "1" };
    const sql = compileSelect({ ...unorderedUnlessSliced(state), lock: undefined }, compiler, (scope) => {
      if (!whole) selected = name === undefined ? scope.compileField(state.meta.primaryKey) : scope.compileName(name);
      else if (state.selection) return state.selection.names.map((each) => scope.compileName(each).sql);
      return [selected.sql];
    });
    return { ...selected, sql };
  }

  get #seeker(): RowSeeker<T> {
    return { query: this as unknown as QueryMethods<T>, create: (values) => this.create(values as CreateValues<T>) };
  }
}
