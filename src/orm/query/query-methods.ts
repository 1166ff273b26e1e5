import { ormErrors } from "../errors.ts";
import type { Compiled } from "./scope.ts";
import { compileSelect, selectable } from "./select.ts";
import type { Compiler } from "./compiler.ts";
import { unorderedUnlessSliced } from "./aggregates.ts";
import { Reading } from "./methods/reading.ts";
import type { AnyRecord, CreateValues, UpdateValues, ValueName } from "./typing.ts";
import type { RowRefs } from "./methods/narrowing.ts";
import * as writing from "./write-queries.ts";

export type { Kept, QueryOf, queryType } from "./methods/narrowing.ts";

type Defaults<T> = Partial<CreateValues<T>>;

/**
 * What managers and query sets share: which rows (`methods/narrowing.ts`), what each row is
 * (`methods/shaping.ts`), what reads them (`methods/reading.ts`), and here what changes them.
 */
export abstract class QueryMethods<T, Row = T, A = unknown> extends Reading<T, Row, A> {
  /** Makes a row and saves it. */
  create(values: CreateValues<T>): Promise<T> {
    return writing.create(this.model, values as AnyRecord);
  }
  /** The row with these values, made with `defaults` when there is none; and whether it was made. */
  getOrCreate(values: Defaults<T>, defaults: Defaults<T> = {} as Defaults<T>): Promise<[T, boolean]> {
    return writing.getOrCreate(this as unknown as QueryMethods<T>, values as AnyRecord, defaults as AnyRecord);
  }
  /** The row with these values, changed to `defaults`, or made with both. */
  updateOrCreate(values: Defaults<T>, defaults: Defaults<T> = {} as Defaults<T>): Promise<[T, boolean]> {
    return writing.updateOrCreate(this as unknown as QueryMethods<T>, values as AnyRecord, defaults as AnyRecord);
  }
  /** Inserts many rows with few statements. */
  bulkCreate(rows: readonly (T | CreateValues<T>)[], options: writing.BulkCreateOptions = {}): Promise<T[]> {
    return writing.bulkCreate(this.model, rows as readonly AnyRecord[], options) as Promise<T[]>;
  }
  /** Writes the named fields of many rows, in one transaction; gives how many there were. */
  bulkUpdate(rows: readonly T[], names: readonly ValueName<T, unknown>[]): Promise<number> {
    return writing.bulkUpdate(this.model, rows as readonly AnyRecord[], names);
  }
  /** Changes every row of the query: `update(c => ({ price: c.price.add(100) }))`; gives how many. */
  update(values: UpdateValues<T> | ((row: RowRefs<T, A>) => UpdateValues<T>)): Promise<number> {
    return writing.updateQuery(this.state, (typeof values === "function" ? values(this.refs) : values) as AnyRecord);
  }
  /** Deletes every row of the query and what depends on them; gives how many rows went. @throws ORM_PROTECTED */
  delete(): Promise<number> {
    return writing.deleteQuery(this as unknown as QueryMethods<object>);
  }
  /** Instances from SQL of your own; its columns must include the model's. */
  raw(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return writing.rawQuery(this.state, sql, params) as Promise<T[]>;
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
      if (!whole) selected = name === undefined ? scope.compileField(state.meta.primaryKey) : selectable(scope, name);
      else if (state.selection) return state.selection.names.map((each) => selectable(scope, each).sql);
      return [selected.sql];
    });
    return { ...selected, sql };
  }
}
