import { ormErrors } from "../errors.ts";
import { auto } from "../fields/number-fields.ts";
import { Field } from "../fields/field.ts";
import { GenericForeignKey } from "../fields/generic-relation.ts";
import { ManyToManyField, RelatedDeclaration } from "../fields/relation-fields.ts";
import { spacedName } from "../names.ts";
import { type DeclaredExpression, type DeclaredSql, declaredSql } from "../query/declared-sql.ts";
import type { ModelClass } from "./model-class.ts";
import type { ModelOptions } from "./model-options.ts";
import { genericRelationsTo, registryVersion, relationsTo, type ReverseRelation } from "./registry.ts";

/** A model as it was declared. */
export interface ModelDeclaration {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly options: ModelOptions;
}

/** A model's fields, bound to it. */
interface BoundFields {
  readonly fields: Field[];
  readonly manyToMany: ManyToManyField[];
  readonly declared: Map<string, RelatedDeclaration>;
  readonly generics: Map<string, GenericForeignKey>;
}

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
  /** How often this process wrote to the table: what was loaded for a row's peers before is stale. */
  writes = 0;
  #app: string | undefined;
  #name: string | undefined;
  #bound: BoundFields | undefined;
  #members: Map<string, Member> | undefined;
  #incoming: readonly ReverseRelation[] = [];
  #seenVersion = -1;
  readonly #makeThrough: (field: ManyToManyField, to: ModelClass) => ModelClass;

  constructor(
    model: ModelClass,
    declared: ModelDeclaration,
    makeThrough: (field: ManyToManyField, to: ModelClass) => ModelClass,
  ) {
    this.model = model;
    this.declaration = declared.fields;
    this.options = declared.options;
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
  get table(): string {
    return this.options.dbTable ?? `${this.app}_${this.name.toLowerCase()}`;
  }
  get verboseName(): string {
    return this.options.verboseName ?? spacedName(this.name);
  }
  get verboseNamePlural(): string {
    return this.options.verboseNamePlural ?? `${this.verboseName}s`;
  }
  get ordering(): readonly string[] {
    return this.options.ordering ?? [];
  }
  get load(): readonly string[] {
    return this.options.load ?? [];
  }
  /** Fields with a column, the primary key first. */
  get fields(): readonly Field[] {
    return this.#bind().fields;
  }
  get manyToMany(): readonly ManyToManyField[] {
    return this.#bind().manyToMany;
  }
  get primaryKey(): Field {
    return this.#bind().fields[0]!;
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
    }
    return this.#incoming;
  }
  /** The ways back that have a name. */
  get reverse(): readonly ReverseRelation[] {
    return this.incoming.filter((relation) => !relation.hidden);
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
    return ormErrors.ORM_UNKNOWN_FIELD({ model: this.label, given, known: [...known, ...this.reverse.map((r) => r.name)] });
  }

  #unregistered(): never {
    throw ormErrors.ORM_MODEL_NOT_REGISTERED({ model: this.model.name });
  }

  #bind() {
    if (this.#bound) return this.#bound;
    const fields: Field[] = [];
    const manyToMany: ManyToManyField[] = [];
    const declared = new Map<string, RelatedDeclaration>();
    const generics = new Map<string, GenericForeignKey>();
    for (const [name, value] of Object.entries(this.declaration)) {
      const declaredField = typeof value === "function" ? value() : value;
      if (declaredField instanceof RelatedDeclaration) declared.set(name, declaredField);
      else if (declaredField instanceof GenericForeignKey) generics.set(name, declaredField);
      else if (declaredField instanceof ManyToManyField) manyToMany.push(this.#bindManyToMany(declaredField, name));
      else if (declaredField instanceof Field) fields.push(declaredField.bind(name, this.model));
      else throw ormErrors.ORM_NOT_A_FIELD({ field: name, given: String(declaredField) });
    }
    const key = fields.find((field) => field.primaryKey) ?? auto().bind("id", this.model);
    const ordered = [key, ...fields.filter((field) => field !== key)];
    return (this.#bound = { fields: ordered, manyToMany, declared, generics });
  }

  #bindManyToMany(field: ManyToManyField, name: string): ManyToManyField {
    const bound = field.bind(name, this.model);
    bound.makeThrough = this.#makeThrough;
    return bound;
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
