import { gettext } from "#kernel/i18n";
import type { Dialect } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

const uuidPattern = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** A UUID, kept in one form; `uuid()` makes it. */
export class UuidField<V, P extends Presence> extends Field<V, P> {
  readonly kind = "uuid";
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "uuid" : "char(36)";
  }
  override writer(_dialect: Dialect): Converter {
    return (value) => this.parse(value);
  }
  override parse(value: unknown): string {
    if (typeof value !== "string" || !uuidPattern.test(value)) {
      throw this.invalid("invalid", { value }, gettext("“%(value)s” is not a valid UUID."));
    }
    const digits = value.replaceAll("-", "").toLowerCase();
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** A UUID, as a string. `key: uuid({ default: () => crypto.randomUUID() })` */
export function uuid<const O extends FieldOptions = {}>(options?: O): UuidField<FieldValue<string, O>, PresenceOf<O>> {
  return new UuidField(options);
}
