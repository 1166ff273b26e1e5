import type { App } from "#kernel";
import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { GenericRelationDeclaration } from "../fields/relations/generic-relation.ts";
import type { ModelMeta } from "./meta.ts";
import { type Relation, wayDown } from "../fields/relations/relation.ts";
import { classPrepared } from "../signals/model-signals.ts";
import { isModelClass, type ModelClass } from "./model-class.ts";
import { uncapitalised } from "../names.ts";

/** A relation seen from the model that it leads to. */
export interface ReverseRelation {
  /** The name in filters and on rows: `coffees`. */
  readonly name: string;
  /** The name in filters, where the relation declares another: `relatedQueryName`. */
  readonly queryName: string;
  /** The model that declares the relation. */
  readonly model: ModelClass;
  readonly field: Field;
  /** Whether there is at most one such row. */
  readonly one: boolean;
  /** Whether it has no name of its own (`relatedName: "+"`); deletion follows it all the same. */
  readonly hidden: boolean;
  /** The values that the rows of a generic relation have beside the reference, and the model whose rows they refer to. */
  readonly fixed?: { readonly values: Readonly<Record<string, unknown>>; readonly owner: ModelClass } | undefined;
}

declare module "#kernel" {
  interface AppParts {
    /** The app's models: `import * as models from "./models.ts"`. What is not a model is left aside. */
    models?: Readonly<Record<string, unknown>> | undefined;
  }
}

const models = new Map<string, ModelClass>();
const swappables = new Map<string, ModelClass>();
/** Counts registrations, so that what was derived from the registry knows when it is stale. */
let version = 0;

/** Takes an app's models into the registry; the keys of `app.models` name them. */
export function registerModels(app: App): void {
  for (const [name, model] of Object.entries(app.models ?? {})) {
    if (isModelClass(model)) registerModel(app.name, name, model);
  }
  version++;
  for (const model of models.values()) model.meta.prepareParents();
}

function registerModel(app: string, name: string, model: ModelClass): void {
  if (models.get(`${app}.${name}`) === model) return;
  model.meta.register(app, name);
  models.set(`${app}.${name}`, model);
  if (!classPrepared.isIdle) classPrepared.sendNow(model, {});
}

/** Every registered model, the middle tables of many-to-many relations included: `registeredModels().map(({ meta }) => meta.key)`. */
export function registeredModels(): ModelClass[] {
  return withMiddleModels([...models.values()]);
}

function withMiddleModels(declared: readonly ModelClass[]): ModelClass[] {
  const through = declared.flatMap((model) => model.meta.localManyToMany.map((field) => knownRelation(field)?.through));
  return [...new Set([...declared, ...through.filter((model) => model !== undefined)])];
}

/** A model by its key: `getModel("shop.Coffee")`. @throws ORM_UNKNOWN_MODEL */
export function getModel(key: string): ModelClass {
  const found = findModel(key);
  if (found === undefined) throw ormErrors.ORM_UNKNOWN_MODEL({ given: key, known: [...models.keys()] });
  return found;
}

/** Whether there is a model of this key: one that was stored may be of a model that is gone. */
export function isModelKey(key: string): boolean {
  return findModel(key) !== undefined;
}

function findModel(key: string): ModelClass | undefined {
  return models.get(key) ?? registeredModels().find((model) => model.meta.key.toLowerCase() === key.toLowerCase());
}

/** Empties the registry. Tests do this between projects. */
export function clearModels(): void {
  models.clear();
  swappables.clear();
  version++;
}

/** Says which model stands for a key like `"@user"`. */
export function registerSwappable(key: string, model: ModelClass): void {
  swappables.set(key, model);
  version++;
}

/** The model that stands for a swappable key. */
export function swappableModel(key: string): ModelClass | undefined {
  return swappables.get(key);
}

/** The key of the model behind a swappable one; other keys, and those that nothing stands for, are themselves. */
export function resolveKey(key: string): string {
  return key.startsWith("@") ? (swappables.get(key)?.meta.key ?? key) : key;
}

/** `"@user"` for the model that is the project's user model. */
export function swappableKeyOf(model: ModelClass): string | undefined {
  for (const [key, candidate] of swappables) if (candidate === model) return key;
  return undefined;
}

/** A model by `"app.Model"` or a swappable key. */
export function modelForKey(key: string): ModelClass {
  const swappable = swappables.get(key);
  if (swappable) return swappable;
  if (key.startsWith("@")) throw ormErrors.ORM_UNKNOWN_MODEL({ given: key, known: [...swappables.keys(), ...models.keys()] });
  return getModel(key);
}

/** Changes whenever the registry does; what is derived from it keeps the version it saw. */
export function registryVersion(): number {
  return version;
}

/** Every relation that leads to a model, hidden ones included. */
export function relationsTo(target: ModelClass): ReverseRelation[] {
  const { concrete, siblings } = target.meta;
  const others = siblings === undefined ? registeredModels() : withMiddleModels(siblings());
  return others.flatMap((model) =>
    [...model.meta.localFields, ...model.meta.localManyToMany]
      .filter((field) => knownRelation(field)?.to.meta.concrete === concrete)
      .map((field) => reverseOf(target, model, field)),
  );
}

/** The generic relations that a model declares, seen from it. */
export function genericRelationsTo(meta: ModelMeta): ReverseRelation[] {
  const { model, declaredReverse } = meta;
  const own = [...declaredReverse].flatMap(([name, declared]) => {
    if (!(declared instanceof GenericRelationDeclaration)) return [];
    const from = typeof declared.target === "string" ? modelForKey(declared.target) : declared.target;
    const generic = from.meta.generics.get(declared.field);
    if (generic === undefined)
      throw ormErrors.ORM_UNKNOWN_FIELD({ model: from.meta.label, given: declared.field, known: [...from.meta.generics.keys()] });
    const values = { [from.meta.columnField(generic.typeField).attname]: model.meta.key };
    const field = from.meta.columnField(generic.keyField);
    return [{ name, queryName: name, model: from, field, one: false, hidden: false, fixed: { values, owner: model } }];
  });
  return [...own, ...meta.parents.flatMap((parent) => ofChild(genericRelationsTo(parent.model.meta), model))];
}

/** The generic relations of a parent as its child has them: rows refer to the child by its own key. */
function ofChild(relations: readonly ReverseRelation[], model: ModelClass): ReverseRelation[] {
  return relations.map((relation) => {
    const types = Object.keys(relation.fixed!.values).map((name) => [name, model.meta.key]);
    return { ...relation, fixed: { values: Object.fromEntries(types), owner: model } };
  });
}

/** A relation whose target is there. One that names an app left out of the project is reported by the checks, not by every query. */
function knownRelation(field: Field): Relation | undefined {
  try {
    return field.relation;
  } catch (error) {
    if (/^(?:ORM|MIGRATIONS)_UNKNOWN_MODEL$/.test((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
}

function reverseOf(target: ModelClass, model: ModelClass, field: Field): ReverseRelation {
  const one = field.kind === "oneToOne";
  const relatedName = namedFor(model, field.relation!.relatedName ?? model.meta.options.defaultRelatedName);
  const declared = [...target.meta.declaredReverse].find(
    ([, { target: from, field: name }]) =>
      from === model && (name === field.name || (name === wayDown && field.options.parentLink === true)),
  )?.[0];
  const name = declared ?? relatedName ?? defaultReverseName(model, one);
  const queryName = namedFor(model, field.relation!.relatedQueryName) ?? name;
  return { name, queryName, model, field, one, hidden: declared === undefined && relatedName?.endsWith("+") === true };
}

/** A name that an abstract model gives for its children: `"%(app)s_%(class)s"`. */
function namedFor(model: ModelClass, name: string | undefined): string | undefined {
  if (!name?.includes("%(")) return name;
  const { meta } = model;
  return name.replaceAll("%(class)s", meta.slug).replaceAll(/%\(app(?:_label)?\)s/g, meta.app);
}

/** `coffee` for a one-to-one, else `coffeeSet`: Django's name for a way back that nobody named. */
function defaultReverseName(model: ModelClass, one: boolean): string {
  const name = uncapitalised(model.meta.name);
  return one ? name : `${name}Set`;
}
