import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { Dialect } from "../names.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import { filterSql, type Windowed } from "./aggregates.ts";
import { type AggregateOptions, Expression } from "./expression.ts";
import { isSubQuery } from "./value.ts";

/** A function's name, or a function that writes the SQL of a call from that of its arguments. */
export type FunctionSql = string | ((...args: string[]) => string);

/** What `func` is told beside the name and the arguments. */
export interface FunctionOptions<V> {
  /** The field whose values it gives; without one they are read as the driver gives them. */
  readonly output?: Field<V>;
  /** Whether it is an aggregate, which groups the query. */
  readonly aggregate?: boolean;
  readonly filter?: AggregateOptions["filter"];
  readonly distinct?: boolean;
}

/**
 * A function of the database that has no function here: one name for both, or one for each.
 *
 * ```ts
 * func("soundex", [c.name], { output: text() })
 * func({ sqlite: "instr", postgres: (name, part) => `position(${part} IN ${name})` }, [c.name, "a"], { output: integer() })
 * ```
 * SQL in it is yours: it never comes from outside. Arguments are expressions, or values, which become parameters.
 */
export function func<V = unknown>(
  name: FunctionSql | Readonly<Record<Dialect, FunctionSql>>,
  args: readonly unknown[] = [],
  options: FunctionOptions<V> = {},
): Expression<V> {
  return new FunctionCall(name, args, options);
}

class FunctionCall<V> extends Expression<V> implements Windowed {
  readonly #write: Readonly<Record<Dialect, FunctionSql>>;
  readonly #args: readonly unknown[];
  readonly #options: FunctionOptions<V>;
  constructor(name: FunctionSql | Readonly<Record<Dialect, FunctionSql>>, args: readonly unknown[], options: FunctionOptions<V>) {
    super();
    this.#write = typeof name === "object" ? name : { sqlite: name, postgres: name };
    for (const write of Object.values(this.#write)) if (typeof write === "string") checkName(write);
    this.#args = args;
    this.#options = options;
  }
  override get parts(): readonly unknown[] {
    return this.#args;
  }
  override get isAggregate(): boolean {
    return this.#options.aggregate === true || super.isAggregate;
  }
  override compile(scope: Scope): Compiled {
    return this.compileOver(scope, "");
  }
  compileOver(scope: Scope, over: string): Compiled {
    const { output, distinct } = this.#options;
    const args = this.parts.map((part) => argument(scope, part));
    if (distinct && args.length > 0) args[0] = `DISTINCT ${args[0]}`;
    const write = this.#write[scope.dialect];
    const call = typeof write === "function" ? write(...args) : `${write}(${args.join(", ")})`;
    return { sql: `${call}${filterSql(scope, this.#options)}${over}`, field: output };
  }
}

/** A plain value is a parameter whose type the function's declaration gives. */
function argument(scope: Scope, part: unknown): string {
  if (part instanceof Expression) return part.compile(scope).sql;
  if (isSubQuery(part)) return scope.compileSubQuery(part).sql;
  if (part === undefined) throw ormErrors.ORM_UNDEFINED_VALUE({ model: scope.meta.label, field: "func()" });
  return scope.compiler.param(part, scope.compiler.converterFor(part, undefined));
}

function checkName(name: string): void {
  if (/^[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)?$/.test(name)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${JSON.stringify(name)} is not the name of a database function.`,
    hint: "A name is letters, digits and underscores; to write SQL give a function: (a, b) => `…`.",
  });
}
