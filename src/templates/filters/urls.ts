import { filter } from "../library.ts";
import { safe, type SafeString } from "../safe-string.ts";
import { textOf } from "../runtime/text.ts";
import { wholeOf } from "./numbers.ts";
import { quote } from "./quote.ts";
import { urlize } from "./urlize.ts";

const linkOptions = { text: true, receivesSafe: true } as const;

export const urlFilters = {
  iriencode: filter((text: string) => quote(text, "/#%[]=:;$&()+,!?*@'~"), { argument: "none", text: true, isSafe: true }),
  urlencode: filter((text: string, kept) => quote(text, textOf(kept ?? "/")), { argument: "optional", text: true }),
  urlize: filter((value: string | SafeString, _, { autoescape }) => safe(urlize(value, { autoescape })), { argument: "none", ...linkOptions }),
  urlizetrunc: filter((value: string | SafeString, limit, { autoescape }) => safe(urlize(value, { autoescape, limit: wholeOf(limit) })), { argument: "required", ...linkOptions }),
}; // prettier-ignore
