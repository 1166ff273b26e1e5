import { database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import { rowAlias, stateOf } from "../model/rows/instance-state.ts";
import type { Member, ModelMeta } from "../model/meta.ts";
import { keyOfModel } from "../model/rows/row-key.ts";
import { type AnyRow, isRow, metaOf } from "../model/rows/row.ts";
import { Manager } from "../query/manager.ts";
import type { QueryOf } from "../query/query-methods.ts";
import { QuerySet, RelatedQuerySet } from "../query/query-set.ts";
import type { CreateValues, KeyOf, rowMark, Where } from "../query/typing.ts";
import type { UpdateOrCreateOptions } from "../query/query-methods.ts";
import { bulkCreate, type BulkCreateOptions } from "../query/writes/bulk-create.ts";
import { getOrCreate, type Lazy, type RowSeeker, updateOrCreate } from "../query/writes/get-or-create.ts";
import { loadRelated } from "./load-relations.ts";
import { inDatabaseOf, throughJoin } from "./load-rows.ts";
import { type ManyLink, manyLink } from "./many-link.ts";
import { addKeys, type Membership, queryIn, removeKeys, type ThroughDefaults } from "./membership.ts";
import { forgetRounds, takeRows } from "./peer-rows.ts";

/** Values that a new row of a middle table of your own gets beside its two references. */
export interface ThroughOptions {
  readonly throughDefaults?: ThroughDefaults;
}

/** A row, or its key. */
type RowOrKey<T> = T | KeyOf<T>;

/**
 * The to-many side of a row: `roaster.coffees`, `coffee.tags`. It has every method of a query, is
 * awaited for its rows (loaded for all rows of the same query at once), and changes who belongs to it.
 *
 * ```ts
 * await coffee.tags.add(hot, sweet);
 * const names = (await coffee.tags).map((tag) => tag.name);
 * await roaster.coffees.filter({ isIce: true }).count();
 * ```
 */
export class RelatedManager<T> extends Manager<T> implements PromiseLike<T[]> {
  declare readonly [rowMark]: false;
  readonly #owner: AnyRow;
  readonly #name: string;
  readonly #link: ManyLink;

  constructor(owner: AnyRow, name: string, link: ManyLink) {
    super(link.target.model);
    this.#owner = owner;
    this.#name = name;
    this.#link = link;
  }

  override query(): QuerySet<T> {
    const start = this.#link.target.defaultManager.query();
    const Query = start.constructor as typeof QuerySet<T>;
    const state = inDatabaseOf(this.#owner, start.state);
    const { column, fixed, middle } = this.#link;
    const key = this.#ownerKey();
    if (middle) return new Query({ ...state, through: throughJoin(this.#link, [key], false) });
    const condition = { [column!.attname]: key, ...fixed };
    return new Query({ ...state, filters: [...state.filters, { negated: false, condition }] });
  }

  /** All rows: awaited, they are asked for anew, once for all rows of the same query. */
  override all(): QueryOf<this> {
    const query = this.query();
    // A query class of the model's own has methods that the shared load has not.
    if (query.constructor !== QuerySet) return query as QueryOf<this>;
    return new RelatedQuerySet<T>(query.state, () => this.#fresh()) as QueryOf<this>;
  }
  // oxlint-disable-next-line unicorn/no-thenable -- awaiting it gives the rows
  then<Result = T[], Failure = never>(
    onRows?: ((rows: T[]) => Result | PromiseLike<Result>) | null,
    onError?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#rows().then(onRows, onError);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this.#rows();
  }
  /** How many rows; those that are loaded are not asked for again. */
  override async count(): Promise<number> {
    return this.loadedRows?.length ?? (await super.count());
  }
  /** Whether there is a row. */
  override async exists(): Promise<boolean> {
    const { loadedRows } = this;
    return loadedRows === undefined ? super.exists() : loadedRows.length > 0;
  }

  /** Makes a row that belongs to this one. */
  override async create(values: Partial<CreateValues<T>>, { throughDefaults }: ThroughOptions = {}): Promise<T> {
    const own = this.#link.middle ? {} : { [this.#link.column!.attname]: this.#ownerKey(), ...this.#link.fixed };
    if (!this.#link.middle)
      return this.#done(await queryIn(this.#link.target, this.#alias).create({ ...values, ...own } as never));
    return this.#membership.db.transaction(async () => {
      const row = (await queryIn(this.#link.target, this.#alias).create(values as never)) as T;
      await addKeys(this.#membership, this.#keysOf([row]), throughDefaults);
      return this.#done(row);
    });
  }
  /** The row of these values that belongs to this one, made with `defaults` when there is none; and whether it was made. */
  override getOrCreate(
    values: Where<T>,
    defaults: Lazy<Partial<CreateValues<T>>> = {},
    options: ThroughOptions = {},
  ): Promise<[T, boolean]> {
    return getOrCreate(this.#seeker(options), values, defaults);
  }
  /** The row of these values that belongs to this one, changed to `defaults`, or made with both. */
  override updateOrCreate(
    values: Where<T>,
    defaults: Lazy<Partial<CreateValues<T>>> = {},
    options: ThroughOptions & UpdateOrCreateOptions<T> = {},
  ): Promise<[T, boolean]> {
    return updateOrCreate(this.#seeker(options), values, { defaults, createDefaults: options.createDefaults });
  }
  #seeker(options: ThroughOptions): RowSeeker<T> {
    return { query: this as never, create: (made) => this.create(made as never, options) };
  }
  /** Inserts many rows that belong to this one with few statements. */
  override async bulkCreate(
    rows: Iterable<T | Partial<CreateValues<T>>>,
    options: BulkCreateOptions & ThroughOptions = {},
  ): Promise<T[]> {
    const { middle, column, fixed, target } = this.#link;
    const own: Record<string, unknown> = middle ? {} : { [column!.attname]: this.#ownerKey(), ...fixed };
    const given = Array.from(rows, (row) => (isRow(row) ? Object.assign(row, own) : { ...row, ...own }));
    return this.#membership.db.transaction(async () => {
      const made = (await bulkCreate({ ...this.state, meta: target.model.meta }, given, options)) as T[];
      if (middle) await addKeys(this.#membership, this.#keysOf(made), options.throughDefaults);
      return this.#done(made);
    });
  }
  /** Adds rows, or their keys; those that belong already stay. `add(hot, sweet, { throughDefaults: { strength: 3 } })` */
  async add(...rows: readonly (RowOrKey<T> | ThroughOptions)[]): Promise<void> {
    const last = rows.at(-1);
    const options = isThroughOptions(last) ? last : undefined;
    const keys = this.#keysOf(options ? rows.slice(0, -1) : rows);
    if (keys.length > 0) await addKeys(this.#membership, keys, options?.throughDefaults);
    this.#forget();
  }
  /** Takes rows out. On a foreign key that cannot be null this is refused. @throws DoesNotExist for a row that does not belong here by a foreign key */
  async remove(...rows: readonly RowOrKey<T>[]): Promise<void> {
    const keys = this.#keysOf(rows);
    if (keys.length === 0) return;
    if (this.#link.column?.null) await this.#refuseStrangers(keys);
    await removeKeys(this.#membership, keys);
    this.#forget();
  }
  /** Takes all rows out. */
  async clear(): Promise<void> {
    await removeKeys(this.#membership, undefined);
    this.#forget();
  }
  /** Makes these the only rows; those that belong already stay as they are, unless `clear` is said. */
  async set(rows: readonly RowOrKey<T>[], options: ThroughOptions & { readonly clear?: boolean } = {}): Promise<void> {
    const wanted = new Set(this.#keysOf(rows));
    await this.#membership.db.transaction(async () => {
      if (options.clear) await removeKeys(this.#membership, undefined);
      const present = new Set(options.clear ? [] : await this.#presentKeys());
      const gone = [...present].filter((key) => !wanted.has(key));
      if (gone.length > 0) await removeKeys(this.#membership, gone);
      const fresh = [...wanted].filter((key) => !present.has(key));
      if (fresh.length > 0) await addKeys(this.#membership, fresh, options.throughDefaults);
    });
    this.#forget();
  }

  /** The rows that `with()` or an earlier `await` loaded. @internal */
  protected get loadedRows(): T[] | undefined {
    return this.#owner[stateOf].related?.[this.#name] as T[] | undefined;
  }
  /** `Roaster.coffees`, for messages. @internal */
  protected get label(): string {
    return `${metaOf(this.#owner).label}.${this.#name}`;
  }

  get #alias(): string | undefined {
    return rowAlias(this.#owner);
  }
  get #membership(): Membership {
    return {
      link: this.#link,
      owner: this.#owner,
      ownerKey: this.#ownerKey(),
      db: database(this.#alias),
      alias: this.#alias,
      label: this.label,
      rows: () => this.query(),
    };
  }
  #rows(): Promise<T[]> {
    const known = this.loadedRows;
    if (known !== undefined) return Promise.resolve(known);
    this.#ownerKey();
    return loadRelated(this.#owner, this.#name) as Promise<T[]>;
  }
  async #fresh(): Promise<T[]> {
    const known = this.loadedRows;
    if (known !== undefined) return [...known];
    return (await takeRows(this.#owner, this.#name)) as T[];
  }
  #done<Result>(result: Result): Result {
    this.#forget();
    return result;
  }
  #forget(): void {
    const { related } = this.#owner[stateOf];
    if (related) related[this.#name] = undefined;
    forgetRounds(this.#owner, this.#name);
  }
  async #presentKeys(): Promise<unknown[]> {
    return (await this.query().valuesList("pk" as never, { flat: true })) as unknown[];
  }
  async #refuseStrangers(keys: readonly unknown[]): Promise<void> {
    const { model, label } = this.#link.target;
    const own = await this.query()
      .filter({ pk: { in: keys } } as never)
      .count();
    if (own < new Set(keys).size) throw new model.DoesNotExist(`${label} of ${this.label}`);
  }
  /** What the column, or the middle table, holds of each row. */
  #keysOf(rows: readonly unknown[]): unknown[] {
    const { middle, target } = this.#link;
    const attname = middle?.target.relation!.targetField!.attname ?? "pk";
    return rows.map((row) => {
      if (!isRow(row)) return row;
      const pk = keyOfModel(target.model, row, this.label);
      if (pk === null || pk === undefined) throw ormErrors.ORM_NOT_SAVED({ model: metaOf(row).label, use: "it cannot be added" });
      return attname === "pk" ? pk : row[attname];
    });
  }
  #ownerKey(): unknown {
    const key = this.#owner[this.#link.ownerField.attname];
    if (key === null || key === undefined || this.#owner["pk"] == null)
      throw ormErrors.ORM_NOT_SAVED({ model: metaOf(this.#owner).label, use: `its ${this.#name} cannot be used` });
    return key;
  }
}

function isThroughOptions(value: unknown): value is ThroughOptions {
  if (typeof value !== "object" || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype && "throughDefaults" in value;
}

/** A to-many relation that `with()` loaded: its rows are there at once. */
export interface LoadedRows<Row> {
  /** The rows, without asking. @throws ORM_BAD_QUERY where the relation is not loaded */
  readonly rows: Row[];
}

class RowRelatedManager extends RelatedManager<any> implements LoadedRows<any> {
  get rows(): any[] {
    const { loadedRows } = this;
    if (loadedRows !== undefined) return loadedRows;
    throw ormErrors.ORM_BAD_QUERY({
      reason: `The rows of ${this.label} are not loaded.`,
      hint: `Await them, or load them with the query: .with("${this.label.split(".")[1]}").`,
    });
  }
}

/** The manager of a row's to-many relation. */
export function relatedManager(owner: AnyRow, name: string, member: Exclude<Member, { type: "field" }>): RelatedManager<any> {
  const link = manyLink(member);
  return new (classFor(link.target))(owner, name, link);
}

const classes = new WeakMap<ModelMeta, typeof RowRelatedManager>();

/** The class of ways to a model's rows: it has the methods that the model's own manager adds. */
function classFor(target: ModelMeta): typeof RowRelatedManager {
  const known = classes.get(target);
  if (known !== undefined) return known;
  const { defaultManager } = target;
  const made = defaultManager.constructor === Manager ? RowRelatedManager : class extends RowRelatedManager {};
  for (
    let at = Object.getPrototypeOf(defaultManager) as object;
    at !== Manager.prototype;
    at = Object.getPrototypeOf(at) as object
  )
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (!(name in made.prototype)) Object.defineProperty(made.prototype, name, method);
  classes.set(target, made);
  return made;
}
