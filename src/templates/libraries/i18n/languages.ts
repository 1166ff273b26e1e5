import { gettext, i18nSettings, isRightToLeft, languageInfo, overrideLanguage } from "#kernel/i18n";
import { templatesErrors } from "../../errors.ts";
import { splitWords } from "../../lexer.ts";
import { filter, type TagParser } from "../../library.ts";
import { around, type Part, useLanguage } from "../../runtime/around.ts";
import type { Render } from "../../runtime/render.ts";
import { quotedText, textOf } from "../../runtime/text.ts";
import { nameAfterAs, nameTag } from "../../tags/name-tag.ts";

/** `{% language "ko" %}…{% endlanguage %}` */
const languageTag: TagParser = (parser, token) => {
  const [, code, ...rest] = splitWords(token.contents);
  if (code === undefined || rest.length > 0) throw parser.problem('{% language %} takes one argument: a code such as "ko".');
  const language = parser.expression(code);
  const { nodes } = parser.parseUntil(token, "endlanguage");
  return {
    bodies: [nodes],
    usesContext: true,
    compile: (compiler) => {
      compiler.write(
        `yield* ${compiler.constant(inLanguage)}(r, ${compiler.partHere(nodes)}, ${compiler.value(language, "null")})`,
      );
    },
  };
};

function* inLanguage(render: Render, { body, scope }: Part, given: unknown): Generator<unknown, string, unknown> {
  const outer = render.language;
  const code = given === null ? null : languageCode(given);
  useLanguage(render, code ?? "en");
  const text = yield* around(body(render, scope), (step) => overrideLanguage(code, step));
  useLanguage(render, outer);
  return text;
}

function languageCode(given: unknown): string {
  const code = textOf(given);
  if (/^[A-Za-z]{2,8}(?:[-_@][A-Za-z0-9]{1,8})*$/.test(code)) return code;
  throw templatesErrors.TEMPLATES_BAD_VALUE({
    problem: `{% language %} was given ${quotedText(given)}, which is the code of no language.`,
    hint: 'Give it a code such as "ko" or "pt-br".',
  });
}

/** A tag that says something of what is given: `{% get_language_info for "ko" as language %}`. */
function infoTag(infoOf: (given: unknown) => unknown): TagParser {
  return (parser, token) => {
    const words = splitWords(token.contents);
    if (words[1] !== "for")
      throw parser.problem(`{% ${token.contents} %} is not understood.`, `Write {% ${words[0]} for value as name %}.`);
    const name = nameAfterAs(parser, token, 3);
    const given = parser.expression(words[2]!);
    return {
      usesContext: true,
      compile: (compiler) => compiler.assign(name, `${compiler.constant(infoOf)}(${compiler.value(given)})`),
    };
  };
}

const available = () => Object.entries(i18nSettings().languages).map(([code, name]) => [code, gettext(name)]);

/** A language as a template knows it: `name`, `name_local`, `name_translated`, `bidi`, `code`. */
function infoOf(given: unknown) {
  const info = languageInfo(textOf(given));
  return { ...info, name_local: info.nameLocal, name_translated: info.nameTranslated, bidi: info.isBidi };
}

/** Codes, or pairs that begin with one, as `get_available_languages` gives them. */
function infosOf(given: unknown) {
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) {
    throw templatesErrors.TEMPLATES_BAD_VALUE({
      problem: `{% get_language_info_list %} needs a list, and was given ${quotedText(given)}.`,
    });
  }
  return [...(given as Iterable<unknown>)].map((item) => infoOf(Array.isArray(item) ? item[0] : item));
}

export const languageTags: Readonly<Record<string, TagParser>> = {
  language: languageTag,
  get_available_languages: nameTag(available),
  get_current_language: nameTag((render) => render.language),
  get_current_language_bidi: nameTag((render) => isRightToLeft(render.language)),
  get_language_info: infoTag(infoOf),
  get_language_info_list: infoTag(infosOf),
};

const none = { argument: "none", text: true } as const;

export const languageFilters = {
  language_bidi: filter((code: string) => languageInfo(code).isBidi, none),
  language_name: filter((code: string) => languageInfo(code).name, none),
  language_name_local: filter((code: string) => languageInfo(code).nameLocal, none),
  language_name_translated: filter((code: string) => languageInfo(code).nameTranslated, none),
};
