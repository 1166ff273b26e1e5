import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { GenericForeignKey } from "../fields/relations/generic-relation.ts";
import type { ManyToManyField } from "../fields/relations/many-to-many.ts";
import type { RelatedDeclaration } from "../fields/relations/related-declaration.ts";
import { shownName } from "../fields/shown-value.ts";
import { defineRelationAccessor } from "../relations/accessors.ts";
import { spacedName } from "../names.ts";
import { type DeclaredExpression, type DeclaredSql, declaredSql } from "../query/declared-sql.ts";
import type { ModelClass } from "./model-class.ts";
import type { ModelOptions } from "./model-options.ts";
import type { Manager } from "../query/manager.ts";
import { bindFields, type BoundFields, type MakeThrough, type ModelDeclaration } from "./bind-fields.ts";
import { baseManagerOf, defaultManagerOf } from "./managers.ts";
import { defineWayDown, isParentLink, type ParentLink } from "./parent-link.ts";
import { orderField } from "./order-column.ts";
import { genericRelationsTo, registryVersion, relationsTo, type ReverseRelation, swappableKeyOf } from "./registry.ts";

/** What a property of a model is. */
export type Member =
  | { readonly type: "field"; readonly field: Field }
  | { readonly type: "manyToMany"; readonly field: ManyToManyField }
  | { readonly type: "reverse"; readonly relation: ReverseRelation };

/**
 * What is known of a model: its names, fields, relations and options.
 *
 * How it works: the declaration is kept as it was given. Relations are functions that may refer to
 * models not yet defined, so fields are bound on first use, after all model files have run; the app
 * and the model's name come from `registerModels`.
 */
export class ModelMeta {
  readonly model: ModelClass;
  readonly options: ModelOptions;
  readonly declaration: Readonly<Record<string, unknown>>;
  /** The models that may refer to this one, where they are others than the registered ones: those of a migration's past. */
  siblings: (() => readonly ModelClass[]) | undefined = undefined;
  /** How often this process wrote to the table: what was loaded for a row's peers before is stale. */
  writes = 0;
  #app: string | undefined;
  #name: string | undefined;
  /** The model whose table a proxy shares; undefined for other models. */
  readonly proxyFor: ModelClass | undefined;
  readonly #declared: ModelDeclaration;
  #bound: BoundFields | undefined;
  #members: Map<string, Member> | undefined;
  #incoming: readonly ReverseRelation[] = [];
  #seenVersion = -1;
  readonly #makeThrough: MakeThrough;

  constructor(model: ModelClass, declared: ModelDeclaration, makeThrough: MakeThrough) {
    this.model = model;
    this.declaration = declared.fields;
    this.options = declared.options;
    this.proxyFor = declared.proxyFor;
    this.#declared = declared;
    this.#makeThrough = makeThrough;
  }

  /** Gives the model its place; `registerModels` and `buildModel` call it. */
  register(app: string, name: string): void {
    this.#app = app;
    this.#name = name;
  }
  get isRegistered(): boolean {
    return this.#app !== undefined;
  }
  /** The app's name. @throws ORM_MODEL_NOT_REGISTERED */
  get app(): string {
    return this.#app ?? this.#unregistered();
  }
  /** `"Coffee"`: the key under which the app lists it. */
  get name(): string {
    return this.#name ?? this.#unregistered();
  }
  /** `"coffee"`, for addresses and permissions. */
  get slug(): string {
    return this.name.toLowerCase();
  }
  /** `"shop.Coffee"`. */
  get key(): string {
    return `${this.app}.${this.name}`;
  }
  /** The name for messages, which is there before registration. */
  get label(): string {
    return this.#name ?? this.model.name;
  }
  /** Whether a key is this model's: `"shop.Coffee"`, or `"@user"` for the project's user model. */
  isNamed(key: string): boolean {
    return this.isRegistered && (key === this.key || swappableKeyOf(this.model) === key);
  }
  /** The model that the rows of a proxy are kept as; other models themselves. */
  get concrete(): ModelClass {
    return this.proxyFor === undefined ? this.model : this.proxyFor.meta.concrete;
  }
  /** Says that the table is written to. */
  noteWrite(): void {
    this.writes++;
    if (this.proxyFor !== undefined) this.proxyFor.meta.noteWrite();
  }
  /** The models whose tables have the first columns of the rows; empty for most. */
  get parents(): readonly ParentLink[] {
    return this.#bind().parents;
  }
  /** Gives the parent's rows the way down to their child; done once both have their names. */
  prepareParents(): void {
    if (this.#declared.parent?.meta.isRegistered) for (const link of this.parents) defineWayDown(this.model, link);
  }
  /** Whether the rows are kept in several tables. */
  get isJoined(): boolean {
    return this.#bind().parents.length > 0;
  }
  get table(): string {
    if (this.proxyFor !== undefined) return this.proxyFor.meta.table;
    return this.options.dbTable ?? `${this.app}_${this.name.toLowerCase()}`;
  }
  get verboseName(): string {
    return String(this.options.verboseName ?? spacedName(this.name));
  }
  get verboseNamePlural(): string {
    return String(this.options.verboseNamePlural ?? `${this.verboseName}s`);
  }
  get ordering(): readonly string[] {
    return this.options.ordering ?? (this.options.orderWithRespectTo === undefined ? [] : [orderField]);
  }
  get load(): readonly string[] {
    return this.options.load ?? [];
  }
  /** Fields with a column, the primary key first; those that it has from a parent too. */
  get fields(): readonly Field[] {
    return this.#bind().fields;
  }
  get manyToMany(): readonly ManyToManyField[] {
    return this.#bind().manyToMany;
  }
  /** The columns of its own table; a proxy has none. */
  get localFields(): readonly Field[] {
    return this.#bind().local;
  }
  /** The many-to-many relations that it declares itself. */
  get localManyToMany(): readonly ManyToManyField[] {
    return this.#bind().localManyToMany;
  }
  get primaryKey(): Field {
    const { key, fields } = this.#bind();
    return key ?? fields[0]!;
  }
  /** Declared ways back: name → the model and field they reverse. */
  get declaredReverse(): ReadonlyMap<string, RelatedDeclaration> {
    return this.#bind().declared;
  }
  /** References to rows of any model, by name. */
  get generics(): ReadonlyMap<string, GenericForeignKey> {
    return this.#bind().generics;
  }
  /** Relations of registered models that lead here, hidden ones included. */
  get incoming(): readonly ReverseRelation[] {
    if (this.#seenVersion !== registryVersion()) {
      this.#incoming = [...relationsTo(this.model), ...genericRelationsTo(this)];
      this.#seenVersion = registryVersion();
      this.#members = undefined;
      this.#giveWaysBack();
    }
    return this.#incoming;
  }
  /** The ways back that have a name; a child has its parents' too, except the way to itself. */
  get reverse(): readonly ReverseRelation[] {
    const own = this.incoming.filter((relation) => !relation.hidden);
    if (!this.isJoined) return own;
    const inherited = this.parents.flatMap(({ model }) =>
      model.meta.reverse.filter(({ field, fixed }) => !isParentLink(field) && fixed === undefined),
    );
    return [...own, ...inherited];
  }

  /** The manager of rows that are reached from elsewhere: related rows, choices, the admin. */
  get defaultManager(): Manager<any> {
    return defaultManagerOf(this);
  }
  /** The manager by which a relation finds the one row that it leads to. */
  get baseManager(): Manager<any> {
    return baseManagerOf(this);
  }
  /** Everything that a row has: columns, many-to-many relations and ways back. */
  getFields(): Member[] {
    const columns = this.fields.map((field): Member => ({ type: "field", field }));
    const many = this.manyToMany.map((field): Member => ({ type: "manyToMany", field }));
    return [...columns, ...many, ...this.reverse.map((relation): Member => ({ type: "reverse", relation }))];
  }
  /** A field by its name or attname (`roasterId`). @throws ORM_UNKNOWN_FIELD */
  field(name: string): Field {
    const member = this.member(name);
    if (member === undefined || member.type === "reverse") throw this.unknownField(name);
    return member.field;
  }
  /** A field that has a column. @throws ORM_UNKNOWN_FIELD, ORM_BAD_QUERY */
  columnField(name: string): Field {
    const member = this.member(name);
    if (member === undefined) throw this.unknownField(name);
    if (member.type === "field") return member.field;
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${this.label}.${name} leads to other rows and has no value of its own.`,
      hint: `Name a field, or what is behind the relation by an aggregate: r => r.${name}.count().`,
    });
  }
  /** A field or reverse relation by its name; `pk` is the primary key. */
  member(name: string): Member | undefined {
    void this.incoming;
    return (this.#members ??= this.#indexMembers()).get(name);
  }
  /** An expression over the columns of a row, as the table's definition writes it. */
  declaredSql(expression: DeclaredExpression): DeclaredSql {
    return declaredSql(this, expression);
  }
  unknownField(given: string): Error {
    const known = [
      ...this.fields.flatMap((f) => (f.attname === f.name ? [f.name] : [f.name, f.attname])),
      ...this.manyToMany.map((f) => f.name),
    ];
    return ormErrors.ORM_UNKNOWN_FIELD({
      model: this.label,
      given: shownName(given),
      known: [...known, ...this.reverse.map((r) => r.name)],
    });
  }

  /** Ways back that other models name have a property on the rows too. */
  #giveWaysBack(): void {
    const { prototype } = this.model;
    for (const { name, hidden } of this.#incoming) if (!hidden && !(name in prototype)) defineRelationAccessor(prototype, name);
  }
  #unregistered(): never {
    throw ormErrors.ORM_MODEL_NOT_REGISTERED({ model: this.model.name });
  }

  #bind(): BoundFields {
    return (this.#bound ??= bindFields(this.model, this.#declared, this.#makeThrough));
  }

  #indexMembers(): Map<string, Member> {
    const members = new Map<string, Member>();
    for (const relation of this.reverse) {
      const member: Member = { type: "reverse", relation };
      members.set(relation.queryName, member).set(relation.name, member);
    }
    for (const field of this.manyToMany) members.set(field.name, { type: "manyToMany", field });
    for (const field of this.fields)
      members.set(field.attname, { type: "field", field }).set(field.name, { type: "field", field });
    return members.set("pk", { type: "field", field: this.primaryKey });
  }
}
