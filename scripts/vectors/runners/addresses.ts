import { choiceList } from "../../../src/forms/choices.ts";
import { policyText } from "../../../src/http/csp.ts";
import { isSafeRedirect } from "../../../src/http/index.ts";
import { quotePath, toQueryString } from "../../../src/http/urls/quote.ts";
import { constantTimeCompare } from "../../../src/kernel/signing/index.ts";
import { shortIpv6, validateIpv6Address, ValidationError } from "../../../src/validation/index.ts";
import { refuse, type Runner } from "./runner.ts";

function accepts(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

/** Addresses, policies, secrets, choices. */
export const addressRunners: Record<string, Runner> = {
  "encoding.filepath_to_uri": ([path]) => (path === null ? null : quotePath(path.replaceAll("\\", "/"))),
  "crypto.constant_time_compare": ([a, b]) => constantTimeCompare(a, b),
  "csp.build_policy": ([directives]) => policyText(directives, undefined),
  "http.urlencode": ([values], { doseq }) => (doseq === false ? refuse("lists as Python prints them") : toQueryString(values)),
  "http.url_has_allowed_host_and_scheme": ([url], { allowed_hosts: hosts, require_https: requireHttps }) => {
    const [host, ...others] = typeof hosts === "string" ? [hosts] : [...(hosts ?? [])];
    return others.length > 0
      ? [host, ...others].some((each) => isSafeRedirect(url, each, { requireHttps }))
      : isSafeRedirect(url ?? "", host ?? null, { requireHttps });
  },
  "ipv6.is_valid_ipv6_address": ([text]) => accepts(() => validateIpv6Address(text)),
  "ipv6.clean_ipv6_address": ([text]) => shortIpv6(text, false),
  "choices.normalize_choices": ([choices]) =>
    typeof choices === "object" && choices !== null ? choiceList(choices) : refuse("what is no choices"),
};
