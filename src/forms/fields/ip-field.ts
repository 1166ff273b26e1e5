import { validateIpv46Address, validateIpv4Address, shortIpv6, validateIpv6Address } from "#validation";
import type { Field } from "./field.ts";
import { type CharFieldOptions, type CleanText, TextField } from "./text-fields.ts";

export interface IPAddressFieldOptions extends CharFieldOptions {
  protocol?: "both" | "IPv4" | "IPv6" | undefined;
  /** Whether `::ffff:192.0.2.1` becomes `192.0.2.1`. */
  unpackIpv4?: boolean | undefined;
}

const protocols = { both: validateIpv46Address, ipv4: validateIpv4Address, ipv6: validateIpv6Address };
const longestAddress = 39;

/** An address of the internet protocol; IPv6 is written in its shortest form. */
export function genericIPAddressField<const O extends IPAddressFieldOptions>(options?: O): Field<CleanText<O>> {
  const protocol = (options?.protocol ?? "both").toLowerCase() as keyof typeof protocols;
  return new TextField<CleanText<O>>(
    { maxLength: longestAddress, ...options, strip: true },
    {
      validators: [protocols[protocol]],
      mend: (text) => (text.includes(":") ? shortIpv6(text, options?.unpackIpv4 ?? false) : text),
    },
  );
}
