import { gettext } from "#kernel/i18n";
import { SafeString } from "../safe-string.ts";

/** What `_("…")` stands for. Catalogues hold the percent signs of templates doubled, as `makemessages` writes them. */
export function literalText(text: string): string {
  if (!text.includes("%")) return gettext(text);
  return gettext(text.replaceAll("%", "%%")).replaceAll("%%", "%");
}

/** `literalText`, safe as all that an author of templates writes. */
export function literalValue(text: string): SafeString {
  return new SafeString(literalText(text));
}
