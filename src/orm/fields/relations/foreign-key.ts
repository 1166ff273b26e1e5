import { ormErrors } from "../../errors.ts";
import { stateOf } from "../../model/rows/instance-state.ts";
import { type Dialect, snakeCase } from "../../names.ts";
import type { Converter, DeconstructedField, Field } from "../field.ts";
import type { FieldOptions } from "../field-options.ts";
import type { Presence } from "../field-typing.ts";
import { databaseRule, type LimitChoicesTo, type OnDelete, type Relation, type RelationTarget } from "./relation.ts";
import { RelationField } from "./relation-field.ts";

export interface ForeignKeyOptions extends FieldOptions {
  onDelete: OnDelete;
  /** The name of the way back in filters and on rows; `"+"` for none. Default: the reverse that the target declares. */
  relatedName?: string;
  /** The name of the way back in filters, where it is another than on rows. */
  relatedQueryName?: string;
  /** The unique field of the target whose values the column holds; default its primary key. */
  toField?: string;
  /** The rows that forms offer: `{ isActive: true }`, a `Q`, or a function that gives one. */
  limitChoicesTo?: LimitChoicesTo;
  /** For a one-to-one of a child that leads to its parent's row: it is the link that `extend()` would make. */
  parentLink?: boolean;
  /** False for a column without a foreign key constraint, as in a table that is not all yours. */
  dbConstraint?: boolean;
}

type ForeignKind = "foreignKey" | "oneToOne";

/** A column that holds another row's primary key, or another unique field of it. */
export class ForeignKeyField<
  Target = any,
  Null extends boolean = any,
  P extends Presence = any,
  Kind extends ForeignKind = any,
> extends RelationField<Target, P> {
  declare readonly $one: Target;
  declare readonly $null: Null;
  readonly kind: Kind;

  constructor(kind: Kind, target: RelationTarget, options: ForeignKeyOptions) {
    super(target, options);
    this.kind = kind;
    if (options?.onDelete === undefined)
      this.refuseOption("onDelete is missing", 'Say what deleting the target does: onDelete: "cascade", "protect", "setNull", …');
    const { onDelete } = options;
    if ((onDelete === "setNull" || onDelete === "dbSetNull") && options.null !== true)
      this.refuseOption(`onDelete is "${onDelete}" but the field cannot be null`, "Add null: true.");
  }
  override get attname(): string {
    return `${this.name}Id`;
  }
  override get column(): string {
    return this.options.dbColumn ?? `${snakeCase(this.name)}_id`;
  }
  override get unique(): boolean {
    return super.unique || this.kind === "oneToOne";
  }
  override get dbIndex(): boolean {
    return this.options.dbIndex ?? !this.unique;
  }
  /** The field of the target whose values the column holds. */
  get targetKey(): Field {
    return this.relation.targetField!;
  }

  protected findRelation(): Relation {
    const { options, kind } = this;
    const to = this.modelFor(this.target);
    const label = () => this.label;
    const targetName = () => this.targetName;
    return {
      kind,
      to,
      get toKey() {
        return targetName();
      },
      get targetField() {
        return options.toField === undefined ? singleKey(to.meta.primaryKey, label()) : to.meta.columnField(options.toField);
      },
      onDelete: options.onDelete,
      databaseOnDelete: databaseRule(options.onDelete),
      dbConstraint: options.dbConstraint !== false,
      relatedName: options.relatedName,
      relatedQueryName: options.relatedQueryName,
      limitChoicesTo: options.limitChoicesTo,
      through: undefined,
      throughFields: undefined,
      symmetrical: false,
    };
  }
  override columnType(dialect: Dialect): string {
    const type = this.targetKey.columnType(dialect);
    return this.targetKey.autoIncrement ? "bigint" : type;
  }
  override writer(dialect: Dialect): Converter {
    return this.targetKey.writer(dialect);
  }
  override comparer(dialect: Dialect): Converter {
    return this.targetKey.comparer(dialect);
  }
  override comparedAs(dialect: Dialect): string | undefined {
    return this.targetKey.comparedAs(dialect);
  }
  override reader(dialect: Dialect): Converter {
    return this.targetKey.reader(dialect);
  }
  override selectSql(column: string, dialect: Dialect): string {
    return this.targetKey.selectSql(column, dialect);
  }
  override parse(value: unknown): unknown {
    const { targetKey } = this;
    if (typeof value !== "object" || value === null) return targetKey.parse(value);
    if (stateOf in value) return targetKey.parse((value as Record<string, any>)[targetKey.attname]);
    return targetKey.parse("pk" in value ? value.pk : value);
  }
  override toJson(value: unknown): unknown {
    return this.targetKey.toJson(value);
  }
  override deconstruct(): DeconstructedField {
    const { kind, options } = super.deconstruct();
    const { onDelete, relatedName, relatedQueryName, toField, dbConstraint } = this.options;
    return {
      kind,
      options: {
        to: this.targetName,
        onDelete: keptOnDelete(onDelete),
        ...options,
        ...(relatedName ? { relatedName } : {}),
        ...(relatedQueryName ? { relatedQueryName } : {}),
        ...(toField ? { toField } : {}),
        ...(dbConstraint === false ? { dbConstraint } : {}),
      },
    };
  }
}

/** A function stays out of migrations: rows of the past are then left as they are. */
function keptOnDelete(onDelete: OnDelete): OnDelete {
  return typeof onDelete === "object" && typeof onDelete.set === "function" ? "doNothing" : onDelete;
}

/** A column holds one value; a key of several fields does not fit. */
function singleKey(key: Field, field: string): Field {
  if (key.parts.length === 1) return key;
  const parts = key.parts.map((part) => part.name);
  throw ormErrors.ORM_COMPOSITE_TARGET({ field, model: key.model.meta.label, parts });
}
