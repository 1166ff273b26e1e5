import type { RelationTarget } from "./relation.ts";

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

/** The names that a model class declares. Its static side says them without a look at its rows. */
export type RelatedFieldName<Target> = Target extends { readonly fields: unknown }
  ? Extract<keyof Target["fields"], string>
  : string;
