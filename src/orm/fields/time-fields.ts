import { Temporal } from "#validation";
import type { Dialect } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions, TimeOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

export class DateTimeField<V, P extends Presence> extends Field<V, P> {
  readonly kind = "dateTime";
  override get editable(): boolean {
    return this.options.editable ?? !(this.options.autoNow || this.options.autoNowAdd);
  }
  override get blank(): boolean {
    return this.options.blank ?? Boolean(this.options.autoNow || this.options.autoNowAdd);
  }
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "timestamp with time zone" : "datetime";
  }
  override writer(): Converter {
    return (value) => (this.parse(value) as Date).toISOString();
  }
  override reader(dialect: Dialect): Converter {
    return dialect === "sqlite" ? (value) => new Date(value) : undefined;
  }
  override parse(value: unknown): Date {
    const date = value instanceof Date ? value : new Date(typeof value === "string" ? withZone(value) : Number.NaN);
    if (Number.isNaN(date.getTime())) {
      throw this.invalid(
        "invalid",
        { value },
        "“%(value)s” value has an invalid format. It must be a date and time, as 2026-01-31T12:00:00Z.",
      );
    }
    return date;
  }
  override toJson(value: unknown): unknown {
    return value instanceof Date ? value.toISOString() : (value ?? null);
  }
  override beforeSave(value: unknown, adding: boolean): unknown {
    if (this.options.autoNow || (this.options.autoNowAdd && adding)) return new Date();
    return value;
  }
}

/** A time without a zone is UTC. */
function withZone(text: string): string {
  const iso = text.trim().replace(" ", "T");
  return /T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes("T") ? iso : `${iso}Z`;
}

/** A moment, a `Date`. `created: dateTime({ autoNowAdd: true })` */
export function dateTime<const O extends TimeOptions = {}>(options?: O): DateTimeField<FieldValue<Date, O>, PresenceOf<O>> {
  return new DateTimeField(options);
}

/** `date` and `time` differ in their Temporal class only. */
export class PlainField<V, P extends Presence> extends Field<V, P> {
  readonly kind: "date" | "time";
  constructor(kind: "date" | "time", options: TimeOptions) {
    super(options);
    this.kind = kind;
  }
  override get editable(): boolean {
    return this.options.editable ?? !(this.options.autoNow || this.options.autoNowAdd);
  }
  override get blank(): boolean {
    return this.options.blank ?? Boolean(this.options.autoNow || this.options.autoNowAdd);
  }
  override columnType(): string {
    return this.kind;
  }
  override writer(): Converter {
    return (value) => String(this.parse(value));
  }
  override reader(): Converter {
    const Type = this.temporal;
    return (value) => Type.from(value);
  }
  override parse(value: unknown): unknown {
    const Type = this.temporal;
    if (value instanceof Type) return value;
    try {
      if (value instanceof Date) return Type.from(value.toISOString().slice(...(this.kind === "date" ? [0, 10] : [11, 23])));
      return Type.from(value as string);
    } catch {
      throw this.invalid("invalid", { value }, `“%(value)s” value is not a valid ${this.kind}.`);
    }
  }
  override toJson(value: unknown): unknown {
    return value === null || value === undefined ? null : String(value);
  }
  override beforeSave(value: unknown, adding: boolean): unknown {
    if (!(this.options.autoNow || (this.options.autoNowAdd && adding))) return value;
    return this.kind === "date" ? Temporal.Now.plainDateISO() : Temporal.Now.plainTimeISO();
  }
  private get temporal(): typeof Temporal.PlainDate | typeof Temporal.PlainTime {
    return this.kind === "date" ? Temporal.PlainDate : Temporal.PlainTime;
  }
}

/** A day, a `Temporal.PlainDate`. */
export function date<const O extends TimeOptions = {}>(
  options?: O,
): PlainField<FieldValue<Temporal.PlainDate, O>, PresenceOf<O>> {
  return new PlainField("date", options ?? {});
}
/** A time of day, a `Temporal.PlainTime`. */
export function time<const O extends TimeOptions = {}>(
  options?: O,
): PlainField<FieldValue<Temporal.PlainTime, O>, PresenceOf<O>> {
  return new PlainField("time", options ?? {});
}

export class JsonField<V, P extends Presence> extends Field<V, P> {
  readonly kind = "json";
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "jsonb" : "json_text";
  }
  override writer(): Converter {
    return JSON.stringify;
  }
  override reader(): Converter {
    return JSON.parse;
  }
  override parse(value: unknown): unknown {
    if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") {
      throw this.invalid("invalid", {}, "Value must be valid JSON.");
    }
    return value;
  }
}

/** Any JSON value; its type is given: `settings: json<Settings>({ default: () => ({}) })`. */
export function json<T = any>(options: FieldOptions & { null: true }): JsonField<T | null, "optional">;
export function json<T = any>(options: FieldOptions & ({ default: unknown } | { blank: true })): JsonField<T, "optional">;
export function json<T = any>(options?: FieldOptions): JsonField<T, "required">;
export function json<T>(options?: FieldOptions): JsonField<T, any> {
  return new JsonField(options);
}
