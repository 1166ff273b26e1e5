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

/** The relation names of a model class. */
export type RelatedFieldName<Target> = Target extends { readonly prototype: infer T } ? Extract<keyof T, string> : string;
