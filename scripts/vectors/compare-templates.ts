/*
 * Holds the template language against what another framework's tests recorded of theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-templates.ts templates.json
 *
 * First the pages: those that need a library, addresses, a catalogue or a clock, and the plain ones. Then the filters, each called as
 * a function. The libraries, addresses and catalogues that the cases name stand in template-libraries/ and urlconfs/.
 */
import { Temporal } from "temporal-polyfill";
import { Resolver } from "../../src/http/index.ts";
import { overrideLanguage, useI18n } from "../../src/kernel/i18n/index.ts";
import { Engine, type Library, SafeString } from "../../src/templates/index.ts";
import { builtinFilters } from "../../src/templates/filters/builtins.ts";
import { applierOf } from "../../src/templates/runtime/filtered.ts";
import type { Render } from "../../src/templates/runtime/render.ts";
import { textOf } from "../../src/templates/runtime/text.ts";
import { decode, recordedCases, Tally } from "./recorded.ts";
import { catalogues } from "./template-libraries/catalogues.ts";
import { customLibrary } from "./template-libraries/custom.ts";
import { inclusionLibrary } from "./template-libraries/inclusion.ts";
import { badTagLibrary, echoLibrary, failingLibrary, testTags } from "./template-libraries/test-tags.ts";
import { templateUrls } from "./urlconfs/templates.ts";

interface Page {
  id: string;
  test: string;
  template: string;
  templates: Record<string, string>;
  context: unknown;
  options: { autoescape: boolean; string_if_invalid: string; language: string; libraries?: string[] };
  debug: boolean[];
  needs: string[];
  expect: { output?: string; error?: { type: string } };
}

interface Call {
  id: string;
  filter: string;
  args: unknown[];
  kwargs: { autoescape?: boolean };
  options: { language: string; USE_THOUSAND_SEPARATOR: boolean };
  clock?: string;
  expect: { value?: unknown; error?: { type: string } };
}

const usage = "compare-templates.ts templates.json";
const libraries: Record<string, Library> = {
  custom: customLibrary,
  inclusion: inclusionLibrary,
  testtags: testTags,
  "subpackage.echo": echoLibrary,
  bad_tag: badTagLibrary,
  tag_27584: failingLibrary,
};
const resolvers: Record<string, Resolver> = { "template_tests.urls": new Resolver(templateUrls), urls: new Resolver([]) };
const languages = { cs: "Czech", de: "German", en: "English", fr: "French", nl: "Dutch", ru: "Russian" };

/** Where the tests ran. */
const recordedZone = "America/Chicago";

/** A date and time without a zone, or with an offset, is one of Temporal's here. */
const own = {
  datetime: (text: string) => {
    const offset = /[+-]\d\d:?\d\d$/.exec(text)?.[0];
    if (offset !== undefined) return Temporal.ZonedDateTime.from(`${text}[${offset}]`);
    return text.endsWith("Z") ? new Date(text) : Temporal.PlainDateTime.from(text);
  },
};

useI18n({ languages, catalogues });
const needy = new Tally("pages that need something");
const plain = new Tally("plain pages");
for (const page of recordedCases<Page>(usage)) await comparePage(page);
plain.print();
needy.print();

const calls = new Tally("filters as functions");
for (const call of recordedCases<Call>(usage, "filter_calls")) await compareCall(call);
calls.print();

async function comparePage(page: Page): Promise<void> {
  const tally = page.needs.length > 0 ? needy : plain;
  const name = `${page.id} ${page.test.replace(/^.*\./, "")} ${JSON.stringify(page.templates[page.template] ?? page.template).slice(0, 150)}`;
  await tally.compare(name, async () => {
    const context = decode(page.context, own) as Record<string, unknown>;
    const { error, output } = page.expect;
    const got = await overrideLanguage(page.options.language, () => renderPage(page, context));
    return { got, wanted: error === undefined ? output! : errorName(error.type) };
  });
}

async function renderPage(page: Page, context: Record<string, unknown>): Promise<string> {
  const { autoescape, string_if_invalid: stringIfInvalid, libraries: names = [] } = page.options;
  const urlconf = page.needs.find((need) => need.startsWith("urlconf:"))?.slice(8);
  const resolver = urlconf === undefined ? undefined : resolvers[urlconf];
  try {
    const engine = new Engine({
      templates: page.templates,
      autoescape,
      stringIfInvalid,
      timeZone: recordedZone,
      libraries: Object.fromEntries(names.filter((name) => libraries[name]).map((name) => [name, libraries[name]!])),
      debug: page.debug.includes(true) && !page.debug.includes(false),
      ...(resolver && { reverse: (name, args, kwargs) => resolver.reverse(name, args.length > 0 ? args : kwargs) }),
    });
    return await engine.render(page.template, context);
  } catch (error) {
    return errorName((error as Error).name);
  }
}

/** Errors of the language have names of their own; of others it is enough that there is one. */
function errorName(type: string): string {
  return type === "TemplateSyntaxError" || type === "TemplateDoesNotExist" ? `<${type}>` : "<an error>";
}

async function compareCall({ id, filter, args, kwargs, options, clock, expect }: Call): Promise<void> {
  await calls.compare(`${id} ${filter} ${JSON.stringify(args).slice(0, 100)} ${options.language}`, () => {
    const [value, ...rest] = args.map((arg) => decode(arg, own));
    const wanted = expect.error ? "<an error>" : shown(decode(expect.value, own));
    const state = {
      autoescape: kwargs.autoescape ?? true,
      timeZone: recordedZone,
      activeTimeZone: recordedZone,
      localizes: true,
      language: options.language,
      now: () => new Date(clock ?? Date.now()),
    };
    // The tests that separate thousands do so with a sign of their own.
    const formats: Record<string, object> = options.USE_THOUSAND_SEPARATOR ? { en: { thousandSeparator: "!" } } : {};
    useI18n({ languages, catalogues, useThousandSeparator: options.USE_THOUSAND_SEPARATOR, formats });
    const got = overrideLanguage(options.language, () => shown(called(filter, [value, rest[0]], state as unknown as Render)));
    return { got, wanted };
  });
}

function called(name: string, [value, argument]: unknown[], state: Render): unknown {
  try {
    return applierOf(builtinFilters[name]!)(value, argument, state);
  } catch {
    return "<an error>";
  }
}

/** What a filter gave, as a text; whether HTML is safe is told where pages are compared. */
function shown(value: unknown): string {
  return value instanceof SafeString ? value.value : textOf(value);
}
