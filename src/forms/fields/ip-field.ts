import { isIPv6 } from "node:net";
import { validateIpv46Address, validateIpv4Address, validateIpv6Address, ValidationError } from "#validation";
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
      mend: (text) => (text.includes(":") ? shortIPv6(text, options?.unpackIpv4 ?? false) : text),
    },
  );
}

const mappedIPv4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** An IPv6 address in its shortest form. @throws ValidationError */
function shortIPv6(text: string, unpackIPv4: boolean): string {
  if (!isIPv6(text) || text.includes("%")) {
    throw new ValidationError("This is not a valid %(protocol)s address.", { code: "invalid", params: { protocol: "IPv6" } });
  }
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = mappedIPv4.exec(short);
  if (mapped === null) return short;
  const bytes = [mapped[1]!, mapped[2]!].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff]);
  return unpackIPv4 ? bytes.join(".") : `::ffff:${bytes.join(".")}`;
}
