import { parseWith, type StandardSchema } from "#validation";
import { aliasFor, database, homeOf } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { ModelMeta } from "../model/meta.ts";
import { rememberAlias } from "../model/rows/row-alias.ts";
import { queryErrors } from "./errors.ts";
import { compileHydrator } from "./hydration.ts";
import type { QueryState } from "./query-state.ts";
import type { Sql } from "./sql-tag.ts";

/** How the rows of `raw()` are made. */
export interface RawOptions<Extra = unknown> {
  /** Columns of the SQL by the field that they are: `{ title: "name" }` for `SELECT …, name AS title`. */
  readonly columns?: Readonly<Record<string, string>>;
  /** What columns beside the model's hold: they are checked and typed by it. */
  readonly extra?: StandardSchema<any, Extra>;
}

/** The statement, and how its rows are made. */
export interface RawGiven {
  readonly sql: string | Sql;
  readonly params: readonly unknown[];
  readonly options: RawOptions;
}

/**
 * Rows of a model from SQL of your own; it runs where it is awaited. Columns are matched by their names. Fields
 * that it leaves out are deferred, columns beside the model's become values of the rows.
 *
 * ```ts
 * await Coffee.objects.raw(sql`SELECT * FROM ${Coffee} WHERE price < ${3000}`);
 * ```
 */
export class RawQuery<Row> implements PromiseLike<Row[]> {
  readonly #state: QueryState;
  readonly #given: RawGiven;
  constructor(state: QueryState, given: RawGiven) {
    this.#state = state;
    this.#given = given;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting a query runs it
  then<Result = Row[], Failure = never>(
    onRows?: ((rows: Row[]) => Result | PromiseLike<Result>) | null,
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#run().then(onRows, onError);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    yield* await this.#run();
  }
  /** Runs on another database of the project. */
  using(alias: string): RawQuery<Row> {
    return new RawQuery({ ...this.#state, alias }, this.#given);
  }

  async #run(): Promise<Row[]> {
    const { meta } = this.#state;
    const { sql: text, options, params: given } = this.#given;
    const alias = aliasFor("read", meta, this.#state.alias);
    const db = database(alias);
    const { sql, params } = typeof text === "string" ? { sql: text, params: given } : text.toSql(db.dialect);
    const records = await db.query(sql, params);
    if (records.length === 0) return [];
    const names = Object.keys(records[0]!);
    const layout = layoutOf(meta, names, options.columns ?? {});
    const beside = names.filter((_, at) => !layout.includes(at));
    const annotations = beside.map((name) => ({ name, at: names.indexOf(name), read: undefined }));
    const checked = options.extra === undefined ? records : await check(options.extra, records, beside);
    const hydrate = compileHydrator({ meta, layout, joined: [], annotations }, db.dialect);
    const rows = hydrate(checked.map((record) => names.map((name) => record[name]))) as Row[];
    const home = homeOf(alias);
    return home === undefined ? rows : (rememberAlias(rows, home) as Row[]);
  }
}

/** Where each field of the model stands among the columns. @throws ORM_BAD_QUERY without the primary key */
function layoutOf(meta: ModelMeta, names: readonly string[], given: Readonly<Record<string, string>>): number[] {
  const renamed = new Map(Object.entries(given).map(([column, name]) => [meta.columnField(name), column]));
  const layout = meta.fields.map((field) => names.indexOf(renamed.get(field) ?? field.column));
  const missing = meta.primaryKey.parts.filter((key) => layout[meta.fields.indexOf(key)]! < 0);
  if (missing.length === 0) return layout;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `raw() on ${meta.label} needs the column ${missing.map((key) => `"${key.column}"`).join(", ")}. The query gave: ${names.join(", ")}.`,
    hint: "Select the primary key, or take plain rows: sql`…`.all().",
  });
}

type Records = readonly Record<string, unknown>[];

/** The columns beside the model's, as the schema reads them. */
async function check(schema: StandardSchema<any, any>, records: Records, names: readonly string[]): Promise<Records> {
  const checked: Record<string, unknown>[] = [];
  for (const [at, record] of records.entries()) {
    const result = await parseWith(schema, Object.fromEntries(names.map((name) => [name, record[name]])), "row");
    if ("problems" in result) throw queryErrors.ORM_ROW_REFUSED({ number: at + 1, problems: result.problems });
    checked.push({ ...record, ...(result.value as object) });
  }
  return checked;
}
