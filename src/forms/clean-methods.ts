import { formsErrors } from "./errors.ts";

/** A form's class, as far as its methods matter. */
interface CleanedClass {
  readonly name: string;
  readonly prototype: object;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields of a parent class that this one does not have: what cleans them is not called. */
  readonly removedFields?: readonly string[];
}

const known = new WeakMap<CleanedClass, Map<string, string>>();

/**
 * The methods `cleanXyz` of a class by the field `xyz` that they clean.
 * @throws FORMS_UNKNOWN_CLEAN_METHOD when there is no such field.
 */
export function cleanMethods(form: CleanedClass, base: CleanedClass): ReadonlyMap<string, string> {
  const kept = known.get(form);
  if (kept !== undefined) return kept;
  const fields = Object.keys(form.fields);
  const methods = new Map<string, string>();
  for (const method of methodNames(form.prototype, base.prototype)) {
    const field = fieldOf(method, [...fields, ...(form.removedFields ?? [])]);
    if (form.removedFields?.includes(field)) continue;
    if (!fields.includes(field)) throw formsErrors.FORMS_UNKNOWN_CLEAN_METHOD({ form: form.name, method, field, fields });
    methods.set(field, method);
  }
  known.set(form, methods);
  return methods;
}

/** `cleanIsIce` → `isIce`; a field that is itself written `IsIce` or `is_ice` is found too. */
function fieldOf(method: string, fields: readonly string[]): string {
  const name = method.slice("clean".length);
  const bare = (text: string) => text.replaceAll("_", "").toLowerCase();
  return fields.find((field) => bare(field) === bare(name)) ?? name.charAt(0).toLowerCase() + name.slice(1);
}

function methodNames(prototype: object, end: object): string[] {
  const names = new Set<string>();
  for (let at = prototype; at !== end && at !== null; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, name)!;
      if (/^clean[A-Z]/.test(name) && typeof descriptor.value === "function") names.add(name);
    }
  }
  return [...names];
}
