import { ormErrors } from "../errors.ts";
import { CompositeKey } from "../fields/composite-key.ts";
import { Field } from "../fields/field.ts";
import { auto } from "../fields/number-fields.ts";
import { ForeignKeyField } from "../fields/relations/foreign-key.ts";
import { ManyToManyField } from "../fields/relations/many-to-many.ts";
import { capitalised, snakeCase, uncapitalised } from "../names.ts";
import { defineFieldMethods } from "./field-methods.ts";
import { Instance } from "./rows/instance.ts";
import { orderField } from "./order-column.ts";
import { isReservedName } from "./reserved-names.ts";
import { type ModelClass, modelMark } from "./model-class.ts";
import { ModelMeta } from "./meta.ts";
import type { ModelOptions } from "./model-options.ts";
import { DoesNotExist, MultipleObjectsReturned, NotUpdated } from "./query-errors.ts";
import { Manager, managerLike } from "../query/manager.ts";
import { defineRelationAccessor } from "../relations/accessors.ts";

/** What each model class makes for itself on first use; a subclass does not share its parent's. */
const metas = new WeakMap<object, ModelMeta>();
const notFound = new WeakMap<object, typeof DoesNotExist>();
const tooMany = new WeakMap<object, typeof MultipleObjectsReturned>();
const notUpdated = new WeakMap<object, typeof NotUpdated>();
const managers = new WeakMap<object, Manager<any>>();

function perClass<T>(store: WeakMap<object, T>, model: object, make: () => T): T {
  let found = store.get(model);
  if (found === undefined) store.set(model, (found = make()));
  return found;
}

/** Where a model comes from, when it is not declared from nothing. */
export interface ModelOrigin {
  /** The class that it extends. */
  readonly base?: ModelClass | undefined;
  /** The model that has the first columns of its rows, in a table of its own. */
  readonly parent?: ModelClass | undefined;
  /** The model whose table it shares. */
  readonly proxyFor?: ModelClass | undefined;
}

/** Makes the class that `Model()`, `extend()`, `proxy()` and `buildModel()` give. */
export function defineModel(
  fields: Readonly<Record<string, unknown>>,
  options: ModelOptions,
  { base, parent, proxyFor }: ModelOrigin = {},
): ModelClass {
  const declaration = { fields, options, parent, proxyFor };
  const Base = (base ?? Instance) as typeof Instance;
  const above: Partial<ModelClass> = base ?? {};
  const inherited = (parent ?? proxyFor) as (ModelClass & { readonly fields: object }) | undefined;
  const model = class extends Base {
    static get [modelMark](): boolean {
      return options.abstract !== true;
    }
    static get fields() {
      return inherited === undefined ? fields : { ...inherited.fields, ...fields };
    }
    static get meta(): ModelMeta {
      return perClass(metas, this, () => new ModelMeta(this as unknown as ModelClass, declaration, makeThrough));
    }
    static get objects(): Manager<any> {
      return perClass(managers, this, () => inheritedManager(above, this as unknown as ModelClass));
    }
    static get DoesNotExist(): typeof DoesNotExist {
      return perClass(notFound, this, () => class extends (above.DoesNotExist ?? DoesNotExist) {});
    }
    static get MultipleObjectsReturned(): typeof MultipleObjectsReturned {
      return perClass(tooMany, this, () => class extends (above.MultipleObjectsReturned ?? MultipleObjectsReturned) {});
    }
    static get NotUpdated(): typeof NotUpdated {
      return perClass(notUpdated, this, () => class extends (above.NotUpdated ?? NotUpdated) {});
    }
  };
  for (const [name, value] of Object.entries(fields)) defineMember(model.prototype, name, value);
  return model as unknown as ModelClass;
}

/** Gives rows a property where a declaration needs one: relations do, and what takes the place of an inherited relation. */
function defineMember(prototype: object, name: string, value: unknown): void {
  if (name === "pk" && value instanceof CompositeKey) return;
  checkName(name);
  const isRelation = typeof value === "function" || value instanceof ForeignKeyField || value instanceof ManyToManyField;
  if (isRelation) defineRelationAccessor(prototype, name);
  else if (name in prototype) Object.defineProperty(prototype, name, { configurable: true, writable: true, value: undefined });
  if (value instanceof Field) defineFieldMethods(prototype, name, value);
}

/** The manager of a class that declares none: one like its base's, for its own rows. */
function inheritedManager(base: { readonly objects?: Manager<any> }, model: ModelClass): Manager<any> {
  return base.objects === undefined ? new Manager(model) : managerLike(base.objects, model);
}

function checkName(name: string): void {
  if (isReservedName(name)) throw ormErrors.ORM_RESERVED_FIELD_NAME({ field: name });
  if (name !== orderField && !/^[a-zA-Z][a-zA-Z0-9]*(?:_[a-zA-Z0-9]+)*$/.test(name))
    throw ormErrors.ORM_BAD_FIELD_NAME({ field: name });
}

/** The middle model of a many-to-many that declares none: `shop_coffee_tags (id, coffee_id, tag_id)`. */
function makeThrough(field: ManyToManyField, to: ModelClass): ModelClass {
  const source = field.model.meta;
  const target = to.meta;
  const [from, into] = throughNames(source.name, target.name);
  const { dbTable, dbConstraint } = field.options as { dbTable?: string; dbConstraint?: boolean };
  const reference = (model: ModelClass) =>
    new ForeignKeyField("foreignKey", model, { onDelete: "cascade", relatedName: "+", dbConstraint: dbConstraint !== false });
  const model = defineModel(
    { id: auto({ primaryKey: true }), [from]: reference(source.model), [into]: reference(target.model) },
    {
      autoCreated: true,
      dbTable: dbTable ?? `${source.table}_${snakeCase(field.name)}`,
      constraints: [{ type: "unique", fields: [from, into] }],
    },
  );
  model.meta.register(source.app, `${source.name}${capitalised(field.name)}`);
  return model;
}

/** The middle model's two fields; a relation of a model with itself gets `from` and `to`. */
function throughNames(source: string, target: string): [string, string] {
  return source === target ? [`from${source}`, `to${target}`] : [uncapitalised(source), uncapitalised(target)];
}
