import type { Field } from "../fields/field.ts";
import { neighbour } from "./rows/neighbours.ts";
import { capitalised } from "../names.ts";

const dateKinds = new Set(["date", "dateTime"]);

/** What a field adds to its model beside its value: `getCountryDisplay()` by its choices, `getNextByAdded()` of a date. */
export function defineFieldMethods(prototype: object, name: string, field: Field): void {
  field.decorate(prototype, name);
  const capital = capitalised(name);
  if (field.options.choices !== undefined) {
    define(prototype, `get${capital}Display`, function display(this: any) {
      return this.getDisplay(name);
    });
  }
  if (!dateKinds.has(field.kind) || field.options.null === true) return;
  define(prototype, `getNextBy${capital}`, function next(this: object) {
    return neighbour(this, name, { forward: true });
  });
  define(prototype, `getPreviousBy${capital}`, function previous(this: object) {
    return neighbour(this, name, { forward: false });
  });
}

function define(prototype: object, name: string, value: (this: any) => unknown): void {
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}
