import { listText } from "../../../src/kernel/i18n/index.ts";
import { Engine } from "../../../src/templates/index.ts";
import { refuse, type Runner } from "./runner.ts";

const engine = new Engine({ templates: {} });
/** What a filter of the template language prints of a text. */
const filtered = (filter: string, value: unknown, argument?: unknown): unknown =>
  engine.renderString(
    `{% autoescape off %}{{ value|${filter}${argument === undefined ? "" : ":argument"} }}{% endautoescape %}`,
    { value, argument },
  );
const byFilter =
  (filter: string): Runner =>
  ([value]) =>
    filtered(filter, value);

function truncate(unit: "chars" | "words"): Runner {
  return ([text, count, ending], { html, truncate: other }) =>
    ending === undefined && other === undefined
      ? filtered(`truncate${unit}${html ? "_html" : ""}`, text, count)
      : refuse("an ending of one's own");
}

/** Texts and HTML: what filters of the template language do. */
export const textRunners: Record<string, Runner> = {
  "text.get_text_list": ([words, last]) => listText(words, last),
  "text.Truncator.chars": truncate("chars"),
  // The filter sets a space before its dots, the function none.
  "text.Truncator.words": async (args, ...rest) => String(await truncate("words")(args, ...rest)).replace(" …", "…"),
  "text.slugify": ([text], { allow_unicode: unicode }) => (unicode ? refuse("slugs of every script") : filtered("slugify", text)),
  "text.wrap": ([text, width]) => filtered("wordwrap", text, width),
  "text.phone2numeric": byFilter("phone2numeric"),
  "html.escape": byFilter("force_escape"),
  "html.linebreaks": ([text, autoescape = false]) =>
    autoescape ? filtered("force_escape|linebreaks", text) : filtered("linebreaks", text),
  "html.strip_tags": byFilter("striptags"),
  "html.strip_spaces_between_tags": ([text]) =>
    engine
      .renderString("{% spaceless %}{{ text|safe }}{% endspaceless %}", { text: `|${text}|` })
      .then((made) => made.slice(1, -1)),
  "html.json_script": ([value, id]) => filtered("json_script", value, id),
  "html.urlize": ([text], kwargs) => (Object.keys(kwargs).length > 0 ? refuse("options of urlize") : filtered("urlize", text)),
  "encoding.iri_to_uri": byFilter("iriencode"),
};
