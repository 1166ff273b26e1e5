import type { ModelClass } from "../model/model-class.ts";
import { QueryMethods, type queryType } from "./query-methods.ts";
import { QuerySet } from "./query-set.ts";
import { type QueryState, startState } from "./query-state.ts";

/** The manager of a query class of your own: it has the methods of the class. */
export type ManagerOf<Q> = Manager<RowOfQuery<Q>, Q> & Pick<Q, Exclude<keyof Q, keyof QuerySet<any, any, any>>>;

type RowOfQuery<Q> = Q extends { readonly model: { readonly prototype: infer T } } ? T : any;

/** A model, by what the type of its rows is read from. */
interface RowsOf<T> {
  readonly prototype: T;
}

/** A class of queries. */
export type QueryClass<Q> = new (state: QueryState) => Q;

/**
 * Where a model's queries begin: `Coffee.objects`. It has every method of a query set, but is not
 * awaited itself. `query()` is what every query of it starts from.
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
export class Manager<T, Q = QuerySet<T>> extends QueryMethods<T> {
  declare readonly [queryType]: Q;
  readonly #model: RowsOf<T>;

  constructor(model: RowsOf<T>) {
    super();
    this.#model = model;
  }

  override get model(): ModelClass<T> {
    return this.#model as unknown as ModelClass<T>;
  }
  /** Every query of this manager starts from this one. */
  query(): Q {
    return new QuerySet<T>(startState(this.model.meta)) as Q;
  }
  override get state(): QueryState {
    // Most managers have no query of their own: none is made to know how it would start.
    return this.query === Manager.prototype.query ? startState(this.model.meta) : (this.query() as QuerySet<T>).state;
  }
  protected override derive(change: Partial<QueryState>): any {
    const query = this.query() as QuerySet<T>;
    return new (query.constructor as QueryClass<unknown>)({ ...query.state, ...change });
  }
}

/**
 * The base of a manager whose queries have methods of your own.
 *
 * ```ts
 * class CoffeeQuery extends QuerySet<Coffee> {
 *   cheap() { return this.filter({ price: { lt: 3000 } }); }
 * }
 * class CoffeeManager extends managerFrom(CoffeeQuery) {
 *   override query() { return super.query().filter({ isOld: false }); }
 * }
 * ```
 */
export function managerFrom<Q>(Query: QueryClass<Q>): new (model: RowsOf<any>) => ManagerOf<Q> {
  class OwnManager extends Manager<any> {
    override query(): QuerySet<any> {
      return new Query(startState(this.model.meta)) as QuerySet<any>;
    }
  }
  for (const name of methodsAdded(Query)) {
    Object.defineProperty(OwnManager.prototype, name, {
      configurable: true,
      writable: true,
      value(this: OwnManager, ...given: unknown[]): unknown {
        return (this.query() as any)[name](...given);
      },
    });
  }
  return OwnManager as unknown as new (model: RowsOf<any>) => ManagerOf<Q>;
}

/** A manager that does for another model what this one does for its own. */
export function managerLike(manager: Manager<any>, model: ModelClass): Manager<any> {
  const Own = manager.constructor as new (model: ModelClass) => Manager<any>;
  return Object.assign(new Own(model), manager);
}

/** The methods that a class of queries has beside those of every query set. */
function methodsAdded(Query: QueryClass<unknown>): Set<string> {
  const names = new Set<string>();
  for (let at = Query.prototype as object; at !== QuerySet.prototype; at = Object.getPrototypeOf(at) as object)
    for (const name of Object.getOwnPropertyNames(at)) if (name !== "constructor") names.add(name);
  return names;
}

/**
 * The manager of a model, written in each class: `static objects = manager(this);`. It keeps the type
 * of the class's own methods, and is the place for a manager of one's own. Given a class of queries, every
 * query that begins here has its methods, however far it is narrowed.
 *
 * ```ts
 * class CoffeeQuery extends QuerySet<Coffee> {
 *   cheap() { return this.filter({ price: { lt: 3000 } }); }
 * }
 * export class Coffee extends Model({ price: integer({ default: 0 }) }) {
 *   static objects = manager(this, CoffeeQuery);
 * }
 * await Coffee.objects.exclude({ price: 0 }).cheap().count();
 * ```
 */
export function manager<T>(model: RowsOf<T>): Manager<T>;
export function manager<Q>(model: RowsOf<RowOfQuery<Q>>, Query: QueryClass<Q>): ManagerOf<Q>;
export function manager(model: RowsOf<any>, Query?: QueryClass<unknown>): unknown {
  return Query === undefined ? new Manager(model) : new (managerFrom(Query))(model);
}
