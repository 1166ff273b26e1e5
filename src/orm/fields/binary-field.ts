import { gettext } from "#kernel/i18n";
import { maxLengthValidator, type Validator } from "#validation";
import type { Dialect } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

/** What `binary()` takes beside what every field does. */
export interface BinaryOptions extends FieldOptions {
  /** The most bytes it may have. */
  maxLength?: number;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes; `binary()` makes it. */
export class BinaryField<V = Uint8Array, P extends Presence = any> extends Field<V, P> {
  readonly kind = "binary";
  override get editable(): boolean {
    return this.options.editable ?? false;
  }
  override get emptyValue(): unknown {
    return this.null ? null : new Uint8Array();
  }
  override get takes(): string {
    return this.maxLength === undefined ? "bytes (a Uint8Array)" : `at most ${this.maxLength} bytes (a Uint8Array)`;
  }
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "bytea" : "blob";
  }
  override writer(): Converter {
    const { maxLength } = this;
    return (value) => {
      const bytes = this.parse(value);
      if (maxLength !== undefined && bytes.length > maxLength) throw new RangeError(`more than ${maxLength} bytes`);
      return Uint8Array.from(bytes);
    };
  }
  override isSameParam(a: unknown, b: unknown): boolean {
    return Buffer.compare(a as Uint8Array, b as Uint8Array) === 0;
  }
  override comparer(): Converter {
    return (value) => this.parse(value);
  }
  /** A copy, so that bytes changed on a row differ from those that are stored. */
  override reader(): Converter {
    return (bytes: Uint8Array) => Uint8Array.from(bytes);
  }
  /** A text is taken for base64. */
  override parse(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (typeof value === "string" && base64.test(value)) return Uint8Array.from(Buffer.from(value, "base64"));
    throw this.invalid("invalid", {}, gettext("Enter bytes, or a text in base64."));
  }
  override toJson(value: unknown): unknown {
    return value === null || value === undefined ? null : Buffer.from(this.parse(value)).toString("base64");
  }
  protected override ownValidators(): Validator[] {
    return this.maxLength === undefined ? [] : [maxLengthValidator(this.maxLength) as Validator];
  }
}

/** Bytes, a `Uint8Array`; base64 in JSON. Forms leave it out. `digest: binary({ maxLength: 32 })` */
export function binary<const O extends BinaryOptions = {}>(options?: O): BinaryField<FieldValue<Uint8Array, O>, PresenceOf<O>> {
  return new BinaryField(options);
}
