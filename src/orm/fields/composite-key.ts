import { ormErrors } from "../errors.ts";
import { stateOf } from "../model/rows/instance-state.ts";
import type { ModelClass } from "../model/model-class.ts";
import { type DeconstructedField, Field } from "./field.ts";
import { shownValue } from "./shown-value.ts";

/** A primary key of several fields. It has no column of its own; its value is a tuple. */
export class CompositeKey<Names extends readonly string[] = any> extends Field<unknown, "optional"> {
  declare readonly $parts: Names;
  readonly kind = "compositePrimaryKey";
  readonly names: Names;
  #parts: readonly Field[] | undefined;

  constructor(names: Names) {
    super({ editable: false });
    this.names = names;
  }
  /** A copy that knows its model and the fields that it is made of. */
  of(model: ModelClass, fields: readonly Field[]): CompositeKey<Names> {
    const key = new CompositeKey(this.names);
    key.name = "pk";
    key.model = model;
    key.#parts = this.names.map((name) => {
      const part = fields.find((field) => field.name === name);
      if (part === undefined)
        throw ormErrors.ORM_UNKNOWN_FIELD({ model: model.name, given: name, known: fields.map((field) => field.name) });
      if (part.null) this.refuseOption(`its part "${name}" may be null`, "Remove null: true there.");
      return part;
    });
    return key;
  }
  override get parts(): readonly Field[] {
    return this.#parts ?? [];
  }
  override get isComposite(): boolean {
    return true;
  }
  override get primaryKey(): boolean {
    return true;
  }
  override valueOn(row: Record<string, unknown>): unknown {
    const values = this.parts.map((part) => row[part.attname]);
    return values.some((value) => value === null || value === undefined) ? null : values;
  }
  override setOn(row: Record<string, unknown>, value: unknown): void {
    const values = this.tuple(value);
    this.parts.forEach((part, i) => {
      row[part.attname] = values === null ? null : values[i];
    });
  }
  override columnType(): string {
    return "";
  }
  /** A tuple, a row, or what an address has: `3,17`. */
  override parse(value: unknown): unknown {
    const given = typeof value === "string" ? value.split(",").map(decodePart) : value;
    return this.tuple(given)?.map((part, i) => this.parts[i]!.parse(part)) ?? null;
  }
  override clean(value: unknown): unknown {
    try {
      return this.parse(value);
    } catch (error) {
      if ((error as { code?: string }).code === "ORM_BAD_VALUE") throw this.invalid("invalid");
      throw error;
    }
  }
  override toJson(value: unknown): unknown {
    return this.tuple(value)?.map((part, i) => this.parts[i]!.toJson(part)) ?? null;
  }
  override deconstruct(): DeconstructedField {
    return { kind: this.kind, options: { fields: [...this.names] } };
  }

  /** The values of the parts. @throws ORM_BAD_VALUE for what is no tuple of them */
  tuple(value: unknown): readonly unknown[] | null {
    if (value === null || value === undefined) return null;
    if (typeof value === "object" && stateOf in value) {
      const row = value as unknown as Record<string, unknown>;
      return this.parts.map((part) => row[part.attname]);
    }
    if (Array.isArray(value) && value.length === this.parts.length) return value as readonly unknown[];
    throw ormErrors.ORM_BAD_VALUE({
      field: this.label,
      given: Array.isArray(value) ? `a list of ${value.length}` : shownValue(value),
      wanted: `a list of ${this.parts.length}: [${this.names.join(", ")}]`,
    });
  }
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A primary key of several fields. `row.pk` is a tuple, and so is what `filter({ pk: [1, 7] })` takes.
 *
 * ```ts
 * export class Invoice extends Model({
 *   pk: compositePrimaryKey("tenant", "number"),
 *   tenant: () => foreignKey(Roaster, { onDelete: "cascade" }),
 *   number: integer(),
 * }) {
 *   static objects = manager(this);
 * }
 * await Invoice.objects.get({ pk: [roaster.id, 7] });
 * ```
 */
export function compositePrimaryKey<const Names extends readonly [string, string, ...string[]]>(
  ...names: Names
): CompositeKey<Names> {
  return new CompositeKey(names);
}
