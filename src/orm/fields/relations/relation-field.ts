import { ormErrors } from "../../errors.ts";
import { isModelBase, isModelClass, type ModelClass } from "../../model/model-class.ts";
import { modelForKey, registryVersion, swappableKeyOf } from "../../model/registry.ts";
import { Field } from "../field.ts";
import type { Presence } from "../field-typing.ts";
import type { Relation, RelationTarget } from "./relation.ts";

/** How string targets are found. */
export type Resolve = (key: string) => ModelClass;

/** What the fields that lead to another model share: their target, found when it is first asked for. */
export abstract class RelationField<Target = any, P extends Presence = any> extends Field<Target, P> {
  readonly target: RelationTarget;
  /** How string targets are found; historical models bring their own. */
  resolve: Resolve = modelForKey;
  private found: Relation | undefined;
  private foundVersion = -1;

  constructor(target: RelationTarget, options: object) {
    super(options);
    this.target = target;
  }
  override get relation(): Relation {
    if (this.found === undefined || this.foundVersion !== registryVersion()) {
      this.found = this.findRelation();
      this.foundVersion = registryVersion();
    }
    return this.found;
  }
  protected abstract findRelation(): Relation;

  /** The model that a target stands for. */
  protected modelFor(target: RelationTarget): ModelClass {
    if (target === "self") return this.model;
    if (typeof target === "string") return this.resolve(target);
    if (isModelClass(target)) return target;
    const given = isModelBase(target) ? `the abstract ${(target as ModelClass).name}` : String(target);
    throw ormErrors.ORM_RELATION_TARGET({ field: this.name, given });
  }
  /** The target as a migration writes it. */
  protected get targetName(): string {
    if (this.target === "self") return this.model.meta.key;
    if (typeof this.target === "string") return this.target;
    return swappableKeyOf(this.target) ?? this.target.meta.key;
  }
}
