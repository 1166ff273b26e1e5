import { ormErrors } from "../errors.ts";
import type { ModelClass } from "../model/model-class.ts";
import { isModelClass } from "../model/model-class.ts";
import { modelForKey, registryVersion, swappableKeyOf } from "../model/registry.ts";
import { type Dialect, snakeCase } from "../names.ts";
import { type Converter, type DeconstructedField, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { Presence, PresenceOf } from "./field-typing.ts";
import type { OnDelete, Relation, RelationTarget } from "./relation.ts";

export interface ForeignKeyOptions extends FieldOptions {
  onDelete: OnDelete;
  /** The name of the way back in filters and on rows; `"+"` for none. Default: the reverse that the target declares. */
  relatedName?: string;
}

export interface ManyToManyOptions extends FieldOptions {
  relatedName?: string;
  /** A model of your own for the middle table, with a foreign key to each side. */
  through?: RelationTarget | (() => RelationTarget);
}

type Resolve = (key: string) => ModelClass;

/** Finds the model a target stands for. */
function resolveTarget(target: RelationTarget, field: string, resolve: Resolve): ModelClass {
  if (typeof target === "string") return resolve(target);
  if (isModelClass(target)) return target;
  throw ormErrors.ORM_RELATION_TARGET({ field, given: String(target) });
}

function keyOfTarget(target: RelationTarget): string {
  if (typeof target === "string") return target;
  return swappableKeyOf(target) ?? target.meta.key;
}

type ForeignKind = "foreignKey" | "oneToOne";

/** A column that holds another row's primary key. */
export class ForeignKeyField<
  Target = any,
  Null extends boolean = any,
  P extends Presence = any,
  Kind extends ForeignKind = any,
> extends Field<Target, P> {
  declare readonly $one: Target;
  declare readonly $null: Null;
  readonly kind: Kind;
  readonly target: RelationTarget;
  /** How string targets are found; historical models bring their own. */
  resolve: Resolve = modelForKey;
  private found: Relation | undefined;
  private foundVersion = -1;

  constructor(kind: Kind, target: RelationTarget, options: ForeignKeyOptions) {
    super(options);
    this.kind = kind;
    this.target = target;
    if (options?.onDelete === undefined)
      this.refuseOption("onDelete is missing", 'Say what deleting the target does: onDelete: "cascade", "protect", "setNull", …');
    if (options.onDelete === "setNull" && options.null !== true)
      this.refuseOption('onDelete is "setNull" but the field cannot be null', "Add null: true.");
  }
  override get attname(): string {
    return `${this.name}Id`;
  }
  override get column(): string {
    return this.options.dbColumn ?? `${snakeCase(this.name)}_id`;
  }
  override get unique(): boolean {
    return super.unique || this.kind === "oneToOne";
  }
  override get dbIndex(): boolean {
    return this.options.dbIndex ?? !this.unique;
  }
  override get isNumeric(): boolean {
    return this.targetKey.isNumeric;
  }
  /** The target's primary key. */
  get targetKey(): Field {
    return this.relation.to.meta.primaryKey;
  }
  override get relation(): Relation {
    if (this.found === undefined || this.foundVersion !== registryVersion()) {
      this.found = this.findRelation();
      this.foundVersion = registryVersion();
    }
    return this.found;
  }

  private findRelation(): Relation {
    const { target, options, kind, name } = this;
    const to = resolveTarget(target, name, this.resolve);
    return { kind, to, onDelete: options.onDelete, relatedName: options.relatedName, through: undefined, get toKey() { return keyOfTarget(target); } }; // oxfmt-ignore
  }
  override columnType(dialect: Dialect): string {
    const type = this.targetKey.columnType(dialect);
    return this.targetKey.autoIncrement ? "bigint" : type;
  }
  override writer(dialect: Dialect): Converter {
    return this.targetKey.writer(dialect);
  }
  override comparer(dialect: Dialect): Converter {
    return this.targetKey.comparer(dialect);
  }
  override comparedAs(dialect: Dialect): string | undefined {
    return this.targetKey.comparedAs(dialect);
  }
  override reader(dialect: Dialect): Converter {
    return this.targetKey.reader(dialect);
  }
  override selectSql(column: string, dialect: Dialect): string {
    return this.targetKey.selectSql(column, dialect);
  }
  override parse(value: unknown): unknown {
    const key = typeof value === "object" && value !== null && "pk" in value ? value.pk : value;
    return this.targetKey.parse(key);
  }
  override toJson(value: unknown): unknown {
    return this.targetKey.toJson(value);
  }
  override deconstruct(): DeconstructedField {
    const { kind, options } = super.deconstruct();
    const { onDelete, relatedName } = this.options;
    return { kind, options: { to: keyOfTarget(this.target), onDelete, ...options, ...(relatedName ? { relatedName } : {}) } };
  }
}

/** Many rows on each side, through a table in between. It has no column. */
export class ManyToManyField<Target = any> extends Field<Target, "optional"> {
  declare readonly $many: Target;
  readonly kind = "manyToMany";
  readonly target: RelationTarget;
  resolve: Resolve = modelForKey;
  private found: Relation | undefined;
  private foundVersion = -1;
  /** Makes the middle model when none is declared; set by the registry of models. */
  makeThrough: ((field: ManyToManyField, to: ModelClass) => ModelClass) | undefined;

  constructor(target: RelationTarget, options: ManyToManyOptions) {
    super(options);
    this.target = target;
  }
  override get blank(): boolean {
    return this.options.blank === true;
  }
  override get relation(): Relation {
    if (this.found === undefined || this.foundVersion !== registryVersion()) {
      this.found = this.findRelation();
      this.foundVersion = registryVersion();
    }
    return this.found;
  }

  private findRelation(): Relation {
    const { target, options, name } = this;
    const to = resolveTarget(target, name, this.resolve);
    const given = typeof options.through === "function" && !isModelClass(options.through) ? options.through() : options.through;
    const through = given ? resolveTarget(given, name, this.resolve) : this.makeThrough?.(this, to);
    return { kind: "manyToMany", to, onDelete: "cascade", relatedName: options.relatedName, through, get toKey() { return keyOfTarget(target); } }; // oxfmt-ignore
  }
  override columnType(): string {
    return "";
  }
  override parse(value: unknown): unknown {
    return value;
  }
  override clean(value: unknown): unknown {
    return value;
  }
  override deconstruct(): DeconstructedField {
    const { relatedName, through } = this.options;
    const options: Record<string, unknown> = { to: keyOfTarget(this.target) };
    if (relatedName) options["relatedName"] = relatedName;
    if (through) options["through"] = this.relation.through!.meta.key;
    return { kind: "manyToMany", options };
  }
}

type NullOf<O> = O extends { null: true } ? true : false;

/**
 * A reference to one row of another model. `roaster: () => foreignKey(Roaster, { onDelete: "protect" })`
 *
 * Next to `coffee.roaster` there is `coffee.roasterId`.
 */
export function foreignKey<Target, const O extends ForeignKeyOptions>(
  to: Target,
  options: O,
): ForeignKeyField<Target, NullOf<O>, PresenceOf<O>, "foreignKey"> {
  return new ForeignKeyField("foreignKey", to as RelationTarget, options);
}

/** A reference that at most one row makes. `profile: () => oneToOne(User, { onDelete: "cascade" })` */
export function oneToOne<Target, const O extends ForeignKeyOptions>(
  to: Target,
  options: O,
): ForeignKeyField<Target, NullOf<O>, PresenceOf<O>, "oneToOne"> {
  return new ForeignKeyField("oneToOne", to as RelationTarget, options);
}

/** Rows on both sides, through a table in between. `tags: () => manyToMany(Tag)` */
export function manyToMany<Target, const O extends ManyToManyOptions = {}>(to: Target, options?: O): ManyToManyField<Target> {
  return new ManyToManyField(to as RelationTarget, options ?? {});
}

/** The declared way back of a relation: `coffees: () => related(Coffee, "roaster")`. */
export class RelatedDeclaration<Target = any, Name extends string = string> {
  declare readonly $related: Target;
  readonly target: RelationTarget;
  readonly field: Name;
  constructor(target: RelationTarget, field: Name) {
    this.target = target;
    this.field = field;
  }
}

/**
 * The typed way back of a relation that another model declares.
 *
 * ```ts
 * coffees: () => related(Coffee, "roaster")
 * ```
 */
export function related<Target, const Name extends string>(
  to: Target,
  field: Name & RelatedFieldName<Target>,
): RelatedDeclaration<Target, Name> {
  return new RelatedDeclaration(to as RelationTarget, field);
}

/** The relation names of a model class. */
export type RelatedFieldName<Target> = Target extends { readonly prototype: infer T } ? Extract<keyof T, string> : string;
