import { isModelClass, type ModelClass } from "../../model/model-class.ts";
import type { DeconstructedField } from "../field.ts";
import type { FieldOptions } from "../field-options.ts";
import type { LimitChoicesTo, Relation, RelationTarget } from "./relation.ts";
import { RelationField } from "./relation-field.ts";

export interface ManyToManyOptions extends FieldOptions {
  relatedName?: string;
  /** The name of the way back in filters, where it is another than on rows. */
  relatedQueryName?: string;
  /** A model of your own for the middle table, with a foreign key to each side. */
  through?: RelationTarget | (() => RelationTarget);
  /** Which of the middle model's fields lead to this side and to the other, where it has several. */
  throughFields?: readonly [string, string];
  /** The rows that forms offer: `{ isActive: true }`, a `Q`, or a function that gives one. */
  limitChoicesTo?: LimitChoicesTo;
  /** The middle table's name; default `<table>_<field>`. */
  dbTable?: string;
  /** For a relation of a model with itself: whether it holds both ways, as friendship does. Default true there. */
  symmetrical?: boolean;
  /** False for a middle table without foreign key constraints. */
  dbConstraint?: boolean;
}

/** Many rows on each side, through a table in between. It has no column. */
export class ManyToManyField<Target = any> extends RelationField<Target, "optional"> {
  declare readonly $many: Target;
  readonly kind = "manyToMany";
  /** Makes the middle model when none is declared; set by the registry of models. */
  makeThrough: ((field: ManyToManyField, to: ModelClass) => ModelClass) | undefined;

  constructor(target: RelationTarget, options: ManyToManyOptions) {
    super(target, options);
    if (options.through !== undefined && options.dbTable !== undefined)
      this.refuseOption("it has both through and dbTable", "The model of through names its own table: { dbTable } there.");
    if (options.throughFields !== undefined && options.through === undefined)
      this.refuseOption("throughFields is given without through", "Name the middle model: through: () => Membership.");
  }
  override get blank(): boolean {
    return this.options.blank === true;
  }

  protected findRelation(): Relation {
    const { options } = this;
    const to = this.modelFor(this.target);
    const given = typeof options.through === "function" && !isModelClass(options.through) ? options.through() : options.through;
    const through = given ? this.modelFor(given) : this.makeThrough?.(this, to);
    const targetName = () => this.targetName;
    return {
      kind: "manyToMany",
      to,
      get toKey() {
        return targetName();
      },
      targetField: undefined,
      onDelete: "cascade",
      databaseOnDelete: undefined,
      dbConstraint: options.dbConstraint !== false,
      // Both ways are one, so the way back has no name.
      relatedName: this.isSymmetrical(to) ? "+" : options.relatedName,
      relatedQueryName: options.relatedQueryName,
      limitChoicesTo: options.limitChoicesTo,
      through,
      throughFields: options.throughFields,
      symmetrical: this.isSymmetrical(to),
    };
  }
  private isSymmetrical(to: ModelClass): boolean {
    return to === this.model && (this.options.symmetrical ?? this.options.relatedName === undefined);
  }
  override columnType(): string {
    return "";
  }
  override parse(value: unknown): unknown {
    return value;
  }
  override clean(value: unknown): unknown {
    return value;
  }
  override deconstruct(): DeconstructedField {
    const { relatedName, relatedQueryName, through, throughFields, dbTable, dbConstraint } = this.options;
    const options: Record<string, unknown> = { to: this.targetName };
    if (relatedName) options["relatedName"] = relatedName;
    if (relatedQueryName) options["relatedQueryName"] = relatedQueryName;
    // A key stands for itself: in a migration's file there are no models that it could lead to.
    if (through) options["through"] = typeof through === "string" ? through : this.relation.through!.meta.key;
    if (throughFields) options["throughFields"] = [...throughFields];
    if (dbTable) options["dbTable"] = dbTable;
    if (dbConstraint === false) options["dbConstraint"] = false;
    return { kind: "manyToMany", options };
  }
}
