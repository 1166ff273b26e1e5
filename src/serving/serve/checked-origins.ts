import { servingErrors } from "../errors.ts";

/** Origins as browsers write them: a scheme, a name that may begin with `*.`, a port. @throws SERVING_BAD_ORIGIN */
export function checkedOrigins(origins: "*" | readonly string[]): "*" | readonly string[] {
  if (origins === "*") return origins;
  for (const given of origins) {
    const url = URL.parse(given.replace("://*.", "://any."));
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && !url.hostname.includes("*");
    const written = isPlain ? url.origin.replace("://any.", given.includes("://*.") ? "://*." : "://any.") : undefined;
    if (written !== given) throw servingErrors.SERVING_BAD_ORIGIN({ given, written });
  }
  return origins;
}
