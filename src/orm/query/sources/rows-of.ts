import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import type { Field } from "../../fields/field.ts";
import type { QueryState } from "../query-state.ts";
import type { Compiled, Scope } from "../scope.ts";
import { type Read, valueReader } from "../read-values.ts";
import { readerOf } from "../columns.ts";
import { compileSelect } from "../select.ts";

/** A query of values. */
interface ValuesQuery<Row> extends PromiseLike<Row[]> {
  readonly state: QueryState;
}

class RowsOf<Row> extends Expression<Row[]> {
  readonly #state: QueryState;
  constructor(state: QueryState) {
    super();
    this.#state = state;
  }
  override compile(scope: Scope): Compiled {
    const { compiler, dialect } = scope;
    const state = { ...this.#state, lock: undefined };
    const { names } = state.selection!;
    let reads: Read[] = [];
    compiler.cacheable = false;
    const inner = compiler.within(scope, () =>
      compileSelect(state, compiler, (own) => {
        const columns = names.map((name) => own.compileName(name));
        reads = columns.map((column) => jsonReader(column, own));
        return columns.map((column, i) => `${jsonSql(column, own)} AS c${i}`);
      }),
    );
    const columns = names.map((_, i) => `each.c${i}`).join(", ");
    const list =
      dialect === "sqlite"
        ? `json_group_array(json_array(${columns}))`
        : `COALESCE(json_agg(json_build_array(${columns})), '[]')`;
    return {
      sql: `(SELECT ${list} FROM (${inner}) each)`,
      read: (text: string) => valueReader(state.selection!, reads)(JSON.parse(text) as unknown[][]),
    };
  }
}

const plainKinds =
  /^(?:auto|smallAuto|integer|smallInteger|positiveInteger|positiveSmallInteger|float|boolean|dateTime|char|text|date|time)$/;

function kindOf(field: Field | undefined): string {
  return field === undefined ? "" : (field.relation?.targetField ?? field).kind;
}

/** JSON has no exact decimals and no large integers: they travel as texts, as does what a field reads from a text. */
function jsonSql({ sql, field }: Compiled, { dialect }: Scope): string {
  if (field === undefined) return sql;
  const selected = field.selectSql(sql, dialect);
  return dialect === "sqlite" || plainKinds.test(kindOf(field)) ? selected : `CAST(${selected} AS text)`;
}

function jsonReader(compiled: Compiled, scope: Scope): Read {
  if (scope.dialect === "postgres" && kindOf(compiled.field) === "dateTime") return (text: string) => new Date(text);
  return readerOf(compiled, scope);
}

/**
 * All rows of a query as one value of each row: the top of a list, the lines of an order, without a query more.
 *
 * ```ts
 * await Roaster.objects.annotate((r) => ({
 *   dearest: rowsOf(Coffee.objects.filter({ roaster: outerRef(r.id) }).orderBy("-price").values("name", "price").slice(0, 3)),
 * }));
 * ```
 */
export function rowsOf<Row>(query: ValuesQuery<Row>): Expression<Row[]> {
  const { selection, meta } = query.state;
  if (selection === undefined)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `rowsOf() is given whole rows of ${meta.label}.`,
      hint: 'Name the values: rowsOf(query.values("id", …)), or load rows of a relation with with({ … }).',
    });
  return new RowsOf<Row>(query.state);
}
