import { parseWith, type StandardSchema } from "#validation";
import { type Database, database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import { Expression } from "../expressions/expression.ts";
import { isSubQuery, wholeAsBigint } from "../expressions/value.ts";
import type { Field } from "../fields/field.ts";
import { isModelClass } from "../model/model-class.ts";
import { quoteName } from "../names.ts";
import { Compiler } from "./compiler.ts";
import { queryErrors } from "./errors.ts";
import { isPlainObject } from "../plain-object.ts";
import type { QueryState } from "./query-state.ts";
import type { Compiled, Scope } from "./scope.ts";
import { compileSelect } from "./select.ts";
import { compileRows } from "./sources/compile-rows.ts";

/** A part of a statement that is text and nothing else: a name, or SQL that is trusted. */
class SqlText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Several values, or fragments, one after the other. */
class SqlList {
  readonly items: readonly unknown[];
  readonly separator: string;
  constructor(items: readonly unknown[], separator: string) {
    this.items = items;
    this.separator = separator;
  }
}

/** How the values of a fragment that stands in a query are read. */
interface SqlReading {
  readonly field?: Field;
  readonly isAggregate?: boolean;
}

/**
 * SQL of your own: a statement to run, or a part of a query. Made by the tag `sql`; what stands in `${…}` is
 * sent as a parameter and never becomes a part of the text.
 */
export class Sql<V = any> extends Expression<V> {
  readonly #texts: readonly string[];
  readonly #values: readonly unknown[];
  readonly #reading: SqlReading;

  constructor(texts: readonly string[], values: readonly unknown[], reading: SqlReading = {}) {
    super();
    this.#texts = texts;
    this.#values = values;
    this.#reading = reading;
  }

  override get parts(): readonly unknown[] {
    return this.#values;
  }
  override get isAggregate(): boolean {
    return this.#reading.isAggregate === true || super.isAggregate;
  }
  override compile(scope: Scope): Compiled {
    const sql = this.write(scope.compiler, scope);
    return { sql: `(${sql})`, field: this.#reading.field };
  }
  /** Its value in a query is read, and what it is compared with is written, as this field's. */
  as<W>(field: Field<W>): Sql<W> {
    return new Sql<W>(this.#texts, this.#values, { ...this.#reading, field });
  }
  /** Says that it is an aggregate, so that `annotate()` groups: sql`string_agg(…)`.aggregate(). */
  aggregate(): Sql<V> {
    return new Sql<V>(this.#texts, this.#values, { ...this.#reading, isAggregate: true });
  }

  /** All rows, as objects by column; with a schema each is checked and typed by it. @throws ORM_ROW_REFUSED */
  all<Output>(schema: StandardSchema<any, Output>, options?: SqlOptions): Promise<Output[]>;
  all<Row extends object = Record<string, any>>(options?: SqlOptions): Promise<Row[]>;
  async all(...given: readonly unknown[]): Promise<unknown[]> {
    const { schema, options } = sorted(given);
    const { db, sql, params } = this.#statement(options);
    return readWith(schema, await db.query(sql, params));
  }
  /** The first row, or null. */
  first<Output>(schema: StandardSchema<any, Output>, options?: SqlOptions): Promise<Output | null>;
  first<Row extends object = Record<string, any>>(options?: SqlOptions): Promise<Row | null>;
  async first(...given: readonly unknown[]): Promise<unknown> {
    const { schema, options } = sorted(given);
    const { db, sql, params } = this.#statement(options);
    const rows = await readWith(schema, (await db.query(sql, params)).slice(0, 1));
    return rows[0] ?? null;
  }
  /** Runs a statement that gives no rows, and says how many it changed. */
  async run(options: SqlOptions = {}): Promise<number> {
    const { db, sql, params } = this.#statement(options);
    return (await db.execute(sql, params)).rowCount;
  }
  /** The text and the parameters, as a database of this dialect takes them. */
  toSql(dialect: Database["dialect"] = database().dialect): { sql: string; params: unknown[] } {
    const compiler = new Compiler(dialect);
    const sql = this.write(compiler);
    return { sql: compiler.statement(sql), params: compiler.params };
  }

  #statement({ using }: SqlOptions): { db: Database; sql: string; params: unknown[] } {
    const db = database(using);
    return { db, ...this.toSql(db.dialect) };
  }
  /** @internal */
  write(compiler: Compiler, scope?: Scope): string {
    let sql = this.#texts[0]!;
    this.#values.forEach((value, i) => {
      sql += writePart(value, compiler, scope) + this.#texts[i + 1]!;
    });
    return sql;
  }
}

/** Where a statement runs. */
export interface SqlOptions {
  /** The alias of the database. */
  readonly using?: string;
}

function sorted(given: readonly unknown[]): { schema: StandardSchema | undefined; options: SqlOptions } {
  const isSchema = (value: unknown): value is StandardSchema =>
    (value as object | undefined) !== undefined && "~standard" in (value as object);
  return {
    schema: given.find(isSchema),
    options: (given.find((value) => value !== undefined && !isSchema(value)) ?? {}) as SqlOptions,
  };
}

async function readWith(schema: StandardSchema | undefined, rows: readonly unknown[]): Promise<unknown[]> {
  if (schema === undefined) return [...rows];
  const read: unknown[] = [];
  for (const [at, row] of rows.entries()) {
    const result = await parseWith(schema, row, "row");
    if ("problems" in result) throw queryErrors.ORM_ROW_REFUSED({ number: at + 1, problems: result.problems });
    read.push(result.value);
  }
  return read;
}

/** What stands in `${…}`: a fragment, an expression, a query, a model's table, a name, or else a parameter. */
function writePart(value: unknown, compiler: Compiler, scope: Scope | undefined): string {
  if (value instanceof Sql) return value.write(compiler, scope);
  if (value instanceof SqlText) return value.text;
  if (value instanceof SqlList) return value.items.map((item) => writePart(item, compiler, scope)).join(value.separator);
  if (value instanceof Expression) return scope === undefined ? alone(value) : value.compile(scope).sql;
  if (isModelClass(value)) return quoteName(value.meta.table);
  if (isQuery(value)) return `(${compileRows({ ...value.state, lock: undefined }, { compiler, select: compileSelect }).sql})`;
  if (value === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: "sql", field: "${…}" });
  if (Array.isArray(value) || isPlainObject(value))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `sql\`…\` is given ${Array.isArray(value) ? "a list" : "an object"}, which is no one value.`,
      hint: Array.isArray(value) ? "Write IN (${sql.list(values)})." : "Write ${JSON.stringify(value)}.",
    });
  const convert = compiler.converterFor(value, undefined);
  const isBare = convert === undefined && compiler.dialect === "sqlite";
  return compiler.param(isBare ? wholeAsBigint(value) : value, convert);
}

function isQuery(value: unknown): value is { readonly state: QueryState } {
  return isSubQuery(value) && "state" in value;
}

function alone(value: Expression): never {
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A statement made by sql\`…\` names a ${value.constructor.name}, which means something in a query of a model only.`,
    hint: "Write the column's name, or use the fragment in filter(), annotate() or orderBy().",
  });
}

/** The tag `sql`, and what makes parts of a statement that are not values. */
export interface SqlTag {
  <V = any>(texts: TemplateStringsArray, ...values: readonly unknown[]): Sql<V>;
  /** A table's or a column's name, quoted: `sql.name("shop_coffee")`, `sql.name("public", "coffee")`. */
  name(...names: readonly string[]): SqlText;
  /** Values or fragments one after the other: sql`… IN (${sql.list(ids)})`. */
  list(items: Iterable<unknown>, separator?: string): SqlList;
  /** Text that becomes SQL as it is. Never give it anything that comes from outside. */
  unsafe(text: string): SqlText;
}

function tag<V>(texts: TemplateStringsArray, ...values: readonly unknown[]): Sql<V> {
  if (!Array.isArray(texts) || !("raw" in texts))
    throw ormErrors.ORM_BAD_QUERY({
      reason: "sql is called as a function, which would make a text from elsewhere into SQL.",
      hint: "Write it as a tag, without parentheses: sql`SELECT … WHERE id = ${id}`.",
    });
  return new Sql<V>(texts, values);
}

/**
 * SQL of your own with safe parameters.
 *
 * ```ts
 * const rows = await sql`SELECT name, price FROM ${Coffee} WHERE price < ${3000}`.all(z.object({ name: z.string(), price: z.number() }));
 * await sql`UPDATE ${Coffee} SET price = price + ${10}`.run();
 * Coffee.objects.annotate((c) => ({ half: sql<number>`${c.price} / 2` })).filter((c) => sql<boolean>`${c.half} > ${100}`);
 * ```
 */
export const sql: SqlTag = Object.defineProperties(tag, {
  name: { value: (...names: readonly string[]) => new SqlText(names.map(quoteName).join(".")) },
  list: { value: (items: Iterable<unknown>, separator = ", ") => listOf([...items], separator) },
  unsafe: { value: (text: string) => new SqlText(text) },
}) as SqlTag;

/** An empty list is `NULL`, so that `IN (…)` finds nothing instead of being no SQL. */
function listOf(items: readonly unknown[], separator: string): SqlList {
  return new SqlList(items.length > 0 ? items : [new SqlText("NULL")], separator);
}
