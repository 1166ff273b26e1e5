import type { Field } from "./fields/field.ts";
import type { BaseForm } from "./base-form.ts";
import { type BoundFields, defineBoundFields } from "./bound-fields.ts";
import type { FieldMap, FormOptions } from "./form-options.ts";
import type { FormStatics } from "./form.ts";

/** What is changed in a form's fields: one is added or replaced, or with null taken away. */
export type FieldChanges = Readonly<Record<string, Field<any> | null>>;

/** A form's class, as far as another is made of it. */
interface Extensible {
  new (options?: any): BaseForm;
  readonly fields: FieldMap;
}

type Fields<F, C> = Omit<F, keyof C> & {
  readonly [Name in keyof C as C[Name] extends null ? never : Name]: C[Name] & Field<any>;
};

/** What `extendForm()` makes: the class with its methods, and other fields. */
export interface ExtendedFormClass<Parent extends Extensible, F extends FieldMap> extends FormStatics {
  new (options?: FormOptions): Omit<InstanceType<Parent>, keyof Parent["fields"] | keyof BaseForm> & BaseForm<F> & BoundFields<F>;
  readonly fields: F;
  from: typeof BaseForm.from;
}

/**
 * The class of a form with other fields: some more, some replaced, some (given as null) taken away. What it cleans and shows
 * stays as it is; a `cleanXyz` of a field that was taken away is not called.
 *
 * ```ts
 * class Guest extends Form({ name: charField(), email: emailField() }) {}
 * class Walker extends extendForm(Guest, { email: null, table: integerField() }) {}
 * ```
 */
export function extendForm<Parent extends Extensible, const C extends FieldChanges>(
  parent: Parent,
  changes: C,
): ExtendedFormClass<Parent, Fields<Parent["fields"], C>> {
  const removed = Object.keys(changes).filter((name) => changes[name] === null);
  const added = Object.keys(changes).filter((name) => changes[name] !== null);
  let made: FieldMap | undefined;
  class Extended extends (parent as unknown as typeof BaseForm) {
    /** Fields of the parent class that this one does not have. */
    static readonly removedFields: readonly string[] = [...removed, ...(((parent as { removedFields?: readonly string[] }).removedFields) ?? [])]; // prettier-ignore

    static override get fields(): FieldMap {
      return (made ??= changed(parent.fields, changes));
    }
  }
  for (const name of removed) Object.defineProperty(Extended.prototype, name, { value: undefined, configurable: true });
  defineBoundFields(Extended.prototype, added);
  return Extended as unknown as ExtendedFormClass<Parent, Fields<Parent["fields"], C>>;
}

function changed(fields: FieldMap, changes: FieldChanges): FieldMap {
  const all = Object.entries({ ...fields, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, Field<any>] => entry[1] !== null));
}
