import type { ModelClass } from "../model/model-class.ts";
import { QueryMethods } from "./query-methods.ts";
import { queryModel, QuerySet } from "./query-set.ts";
import type { QueryState } from "./query-state.ts";

/**
 * Where a model's queries begin: `Coffee.objects`. It has every method of a query set, but is not
 * awaited itself.
 *
 * ```ts
 * class CoffeeManager extends Manager<Coffee> {
 *   override query() { return super.query().filter({ isOld: false }); }
 *   cheap() { return this.filter({ price: { lt: 3000 } }); }
 * }
 * export class Coffee extends Model({ price: integer({ default: 0 }), isOld: boolean({ default: false }) }) {
 *   static objects = new CoffeeManager(this);
 * }
 * ```
 */
export class Manager<T> extends QueryMethods<T> {
  readonly #model: { readonly prototype: T };

  constructor(model: { readonly prototype: T }) {
    super();
    this.#model = model;
  }

  override get model(): ModelClass<T> {
    return this.#model as unknown as ModelClass<T>;
  }
  /** Every query of this manager starts from this one. */
  query(): QuerySet<T> {
    return queryModel(this.model);
  }
  override get state(): QueryState {
    return this.query().state;
  }
  protected override derive(change: Partial<QueryState>): QuerySet<any, any, any> {
    return new QuerySet({ ...this.state, ...change });
  }
}

/**
 * The manager of a model, written in each class: `static objects = manager(this);`. It keeps the type
 * of the class's own methods, and is the place for a manager of one's own.
 */
export function manager<T>(model: { readonly prototype: T }): Manager<T> {
  return new Manager<T>(model);
}
