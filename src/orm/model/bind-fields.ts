import { ormErrors } from "../errors.ts";
import { CompositeKey } from "../fields/composite-key.ts";
import { Field } from "../fields/field.ts";
import { GenericForeignKey } from "../fields/relations/generic-relation.ts";
import { auto } from "../fields/number-fields.ts";
import { ManyToManyField } from "../fields/relations/many-to-many.ts";
import { RelatedDeclaration } from "../fields/relations/related-declaration.ts";
import type { ModelClass } from "./model-class.ts";
import type { ModelOptions } from "./model-options.ts";
import { makeOrderField, orderField } from "./order-column.ts";
import { inheritFields, type ParentLink } from "./parent-link.ts";

/** A model as it was declared. */
export interface ModelDeclaration {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly options: ModelOptions;
  /** The model that has the first columns of the rows, in a table of its own. */
  readonly parent?: ModelClass | undefined;
  /** The model whose table it shares. */
  readonly proxyFor?: ModelClass | undefined;
}

/** Makes the middle model of a many-to-many that declares none. */
export type MakeThrough = (field: ManyToManyField, to: ModelClass) => ModelClass;

/** The fields of a model, once they know it. */
export interface BoundFields {
  /** A primary key of several fields; undefined where the first field is the key. */
  readonly key: CompositeKey | undefined;
  readonly fields: readonly Field[];
  readonly local: readonly Field[];
  readonly manyToMany: readonly ManyToManyField[];
  readonly localManyToMany: readonly ManyToManyField[];
  readonly declared: ReadonlyMap<string, RelatedDeclaration>;
  readonly generics: ReadonlyMap<string, GenericForeignKey>;
  readonly parents: readonly ParentLink[];
}

/** Tells the declared fields which model they are of, and puts the key first. */
export function bindFields(model: ModelClass, declaration: ModelDeclaration, makeThrough: MakeThrough): BoundFields {
  const { parent, proxyFor } = declaration;
  if (proxyFor !== undefined) return shareFields(proxyFor);
  const own = bindOwn(model, declaration, makeThrough);
  return parent === undefined ? keyFirst(model, own) : withParent(model, parent, own);
}

/** What a declaration has of each kind. */
interface OwnFields {
  readonly columns: Field[];
  readonly manyToMany: ManyToManyField[];
  readonly declared: Map<string, RelatedDeclaration>;
  readonly generics: Map<string, GenericForeignKey>;
  composite: CompositeKey | undefined;
}

function bindOwn(model: ModelClass, { fields, options }: ModelDeclaration, makeThrough: MakeThrough): OwnFields {
  const own: OwnFields = { columns: [], manyToMany: [], declared: new Map(), generics: new Map(), composite: undefined };
  for (const [name, value] of Object.entries(fields)) {
    const field = typeof value === "function" ? value() : value;
    if (field instanceof RelatedDeclaration) own.declared.set(name, field);
    else if (field instanceof GenericForeignKey) own.generics.set(name, field);
    else if (field instanceof ManyToManyField) own.manyToMany.push(Object.assign(field.bind(name, model), { makeThrough }));
    else if (field instanceof CompositeKey) own.composite = field;
    else if (field instanceof Field) own.columns.push(field.bind(name, model));
    else throw ormErrors.ORM_NOT_A_FIELD({ field: name, given: String(field) });
  }
  const isOrdered = options.orderWithRespectTo !== undefined && !Object.hasOwn(fields, orderField);
  if (isOrdered) own.columns.push(makeOrderField(model));
  return own;
}

/** A model without a key of its own gets an `id`. */
function keyFirst(model: ModelClass, { columns, manyToMany, declared, generics, composite }: OwnFields): BoundFields {
  const key = composite?.of(model, columns);
  const keys = key?.parts ?? [columns.find((field) => field.primaryKey) ?? auto().bind("id", model)];
  const fields = [...keys, ...columns.filter((field) => !keys.includes(field))];
  return { key, fields, local: fields, manyToMany, localManyToMany: manyToMany, declared, generics, parents: [] };
}

function withParent(model: ModelClass, parent: ModelClass, { columns, manyToMany, declared, generics }: OwnFields): BoundFields {
  const { fields, link } = inheritFields(model, parent, columns);
  return {
    key: undefined,
    fields,
    local: fields.filter((field) => field.model === model),
    manyToMany: [...parent.meta.manyToMany, ...manyToMany],
    localManyToMany: manyToMany,
    declared,
    generics: new Map([...parent.meta.generics, ...generics]),
    parents: [link],
  };
}

/** A proxy has the fields of the model that it stands for, and none of its own. */
function shareFields({ meta }: ModelClass): BoundFields {
  const { fields, manyToMany, declaredReverse, generics, parents, primaryKey } = meta;
  const key = primaryKey instanceof CompositeKey ? primaryKey : undefined;
  return { key, fields, local: [], manyToMany, localManyToMany: [], declared: declaredReverse, generics, parents };
}
