import { shortIpv6, validateIpv46Address, validateIpv4Address, validateIpv6Address, type Validator } from "#validation";
import type { Dialect } from "../names.ts";
import type { Converter } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import type { FieldValue, Presence, PresenceOf } from "./field-typing.ts";
import { TextField } from "./text-fields.ts";

/** What `genericIPAddress()` takes. */
export interface IPAddressOptions extends FieldOptions {
  /** Which addresses are accepted: both by default. */
  protocol?: "both" | "IPv4" | "IPv6";
  /** Whether `::ffff:192.0.2.1` becomes `192.0.2.1`. */
  unpackIpv4?: boolean;
}

const validators: Readonly<Record<string, Validator>> = {
  both: validateIpv46Address,
  IPv4: validateIpv4Address,
  IPv6: validateIpv6Address,
};

/** An address of the internet protocol; `genericIPAddress()` makes it. */
export class IPAddressField<V = string, P extends Presence = any> extends TextField<V, P> {
  constructor(options: IPAddressOptions) {
    const { protocol = "both" } = options;
    super("genericIPAddress", { maxLength: 39, ...options }, validators[protocol]);
    if (validators[protocol] === undefined) this.refuseOption(`protocol is "${protocol}"`, 'It is "both", "IPv4" or "IPv6".');
    if (options.unpackIpv4 && protocol !== "both")
      this.refuseOption(`unpackIpv4 is set with the protocol ${protocol}`, 'Only protocol: "both" has addresses to unpack.');
  }
  override get takes(): string {
    return "an IP address";
  }
  override columnType(dialect: Dialect): string {
    return dialect === "postgres" ? "inet" : "char(39)";
  }
  /** PostgreSQL would write the mask behind the address. */
  override textSql(sql: string, dialect: Dialect): string {
    return dialect === "postgres" ? `HOST(${sql})` : sql;
  }
  override writer(): Converter {
    return (value) => this.checked(value);
  }
  override comparer(): Converter {
    return (value) => this.checked(value);
  }
  /** The shortest form of the address, so that equal addresses are equal texts. */
  override parse(value: unknown): string {
    const text = super.parse(value).trim();
    return text.includes(":") ? shortIpv6(text, this.options.unpackIpv4 === true) : text;
  }
  private checked(value: unknown): string {
    const text = this.parse(value);
    validateIpv46Address(text);
    return text;
  }
}

/** An address of the internet protocol, in its shortest form. `seenFrom: genericIPAddress({ null: true })` */
export function genericIPAddress<const O extends IPAddressOptions = {}>(
  options?: O,
): IPAddressField<FieldValue<string, O>, PresenceOf<O>> {
  return new IPAddressField(options ?? {});
}
