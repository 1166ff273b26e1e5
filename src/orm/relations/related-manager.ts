import { database } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import type { Member } from "../model/meta.ts";
import type { ModelClass } from "../model/model-class.ts";
import { keyOfModel } from "../model/row-key.ts";
import { type AnyRow, metaOf } from "../model/row.ts";
import { Manager } from "../query/manager.ts";
import { queryModel, QuerySet } from "../query/query-set.ts";
import { throughColumns } from "../query/through-columns.ts";
import type { CreateValues, rowMark } from "../query/typing.ts";
import { loadRelated, type ManyToManySide, throughJoin } from "./load-relations.ts";

/** How the rows are reached: by a column of theirs, or through a middle table. */
type Way = { readonly by: "column"; readonly field: Field } | ({ readonly by: "through" } & ManyToManySide);

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
  readonly #way: Way;

  constructor(owner: AnyRow, name: string, way: Way) {
    super(targetOf(way) as ModelClass<any>);
    this.#owner = owner;
    this.#name = name;
    this.#way = way;
  }

  override query(): QuerySet<T> {
    const query = queryModel<T>(this.model);
    const key = this.#ownerKey();
    if (this.#way.by === "column") return query.filter({ [this.#way.field.attname]: key } as never);
    return new QuerySet<T>({ ...query.state, through: throughJoin(this.#way, [key]) });
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

  /** Makes a row that belongs to this one. */
  override async create(values: Partial<CreateValues<T>>): Promise<T> {
    const own = this.#way.by === "column" ? { [this.#way.field.attname]: this.#ownerKey() } : {};
    const row = new this.model({ ...values, ...own });
    await (row as unknown as AnyRow)["save"]();
    if (this.#way.by === "through") await this.add(row);
    this.#forget();
    return row;
  }
  /** Adds rows, or their keys; those that belong already stay. */
  async add(...rows: readonly unknown[]): Promise<void> {
    const keys = this.#keysOf(rows);
    if (keys.length === 0) return;
    if (this.#way.by === "column")
      await queryModel(this.model)
        .filter({ pk: { in: keys } } as never)
        .update({ [this.#way.field.attname]: this.#ownerKey() } as never);
    else await this.#addThrough(this.#way, keys);
    this.#forget();
  }
  /** Takes rows out. On a foreign key that cannot be null this is refused. */
  async remove(...rows: readonly unknown[]): Promise<void> {
    const keys = this.#keysOf(rows);
    if (keys.length > 0) await this.#remove(keys);
  }
  /** Takes all rows out. */
  async clear(): Promise<void> {
    await this.#remove(undefined);
  }
  /** Makes these the only rows. */
  async set(rows: readonly unknown[]): Promise<void> {
    const wanted = new Set(this.#keysOf(rows));
    await database().transaction(async () => {
      const present = new Set(await (this.query().valuesList("pk" as never, { flat: true }) as PromiseLike<unknown[]>));
      const gone = [...present].filter((key) => !wanted.has(key));
      if (gone.length > 0) await this.#remove(gone);
      await this.add(...[...wanted].filter((key) => !present.has(key)));
    });
  }

  #rows(): Promise<T[]> {
    const known = this.#owner[stateOf].related?.get(this.#name) as T[] | undefined;
    if (known !== undefined) return Promise.resolve(known);
    this.#ownerKey();
    return loadRelated(this.#owner, this.#name) as Promise<T[]>;
  }
  #forget(): void {
    this.#owner[stateOf].related?.delete(this.#name);
  }
  #keysOf(rows: readonly unknown[]): unknown[] {
    const label = `${metaOf(this.#owner).label}.${this.#name}`;
    return rows.map((row) => {
      if (typeof row !== "object" || row === null || !(stateOf in row)) return row;
      const pk = keyOfModel(this.model, row, label);
      if (pk === null || pk === undefined) throw ormErrors.ORM_NOT_SAVED({ model: metaOf(row).label, use: "it cannot be added" });
      return pk;
    });
  }
  #ownerKey(): unknown {
    const key = this.#owner["pk"];
    if (key === null || key === undefined)
      throw ormErrors.ORM_NOT_SAVED({ model: metaOf(this.#owner).label, use: `its ${this.#name} cannot be used` });
    return key;
  }

  async #addThrough(side: ManyToManySide, keys: readonly unknown[]): Promise<void> {
    const { through, owner, target } = throughColumns(side.field, side.reversed);
    const middle = queryModel<any>(through.model);
    const own = { [owner.attname]: this.#ownerKey() };
    await database().transaction(async () => {
      const present = new Set(
        await middle.filter({ ...own, [target.attname]: { in: keys } }).valuesList(target.attname, { flat: true }),
      );
      const rows = [...new Set(keys)].filter((key) => !present.has(key)).map((key) => ({ ...own, [target.attname]: key }));
      if (rows.length > 0) await middle.bulkCreate(rows, { ignoreConflicts: true });
    });
  }

  async #remove(keys: readonly unknown[] | undefined): Promise<void> {
    if (this.#way.by === "column") await this.#removeByColumn(this.#way.field, keys);
    else {
      const { through, owner, target } = throughColumns(this.#way.field, this.#way.reversed);
      const rows = queryModel<any>(through.model).filter({ [owner.attname]: this.#ownerKey() });
      await (keys ? rows.filter({ [target.attname]: { in: keys } }) : rows).delete();
    }
    this.#forget();
  }

  async #removeByColumn(field: Field, keys: readonly unknown[] | undefined): Promise<void> {
    if (!field.null)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `${field.label} cannot be null, so a row cannot be taken out of ${this.#name}.`,
        hint: "Delete the row, or give it to another.",
      });
    const rows = this.query() as QuerySet<any>;
    await (keys ? rows.filter({ pk: { in: keys } }) : rows).update({ [field.attname]: null });
  }
}

function targetOf(way: Way): ModelClass {
  if (way.by === "column") return way.field.model;
  return way.reversed ? way.field.model : way.field.relation!.to;
}

/** The manager of a row's to-many relation. */
export function relatedManager(owner: AnyRow, name: string, member: Exclude<Member, { type: "field" }>): RelatedManager<any> {
  if (member.type === "manyToMany")
    return new RelatedManager(owner, name, { by: "through", field: member.field, reversed: false });
  const { field } = member.relation;
  return new RelatedManager(
    owner,
    name,
    field.kind === "manyToMany" ? { by: "through", field, reversed: true } : { by: "column", field },
  );
}
