import { gettext } from "#kernel/i18n";
import type { Dialect } from "../names.ts";
import { type Converter, Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";

/** Yes or no; `boolean()` makes it. */
export class BooleanField<V, P extends Presence> extends Field<V, P> {
  readonly kind = "boolean";
  override columnType(): string {
    return "boolean";
  }
  override writer(dialect: Dialect): Converter {
    return dialect === "sqlite" ? (value) => Number(this.parse(value)) : (value) => this.parse(value);
  }
  override reader(dialect: Dialect): Converter {
    return dialect === "sqlite" ? (value) => value === 1 : undefined;
  }
  override parse(value: unknown): boolean {
    if (typeof value === "boolean") return value;
    if (value === 1 || ["true", "True", "1", "t", "on"].includes(value as string)) return true;
    if (value === 0 || ["false", "False", "0", "f", "off"].includes(value as string)) return false;
    throw this.invalid("invalid", { value }, gettext("“%(value)s” value must be either True or False."));
  }
}

/** Yes or no. `isIce: boolean({ default: false })` */
export function boolean<const O extends FieldOptions = {}>(options?: O): BooleanField<FieldValue<boolean, O>, PresenceOf<O>> {
  return new BooleanField(options);
}
