// Runs what was recorded of another framework's small functions — dates, numbers, lists, texts, HTML, addresses — on ours.
//   node --conditions=cortado-source scripts/vectors/compare-utils.ts utils.json
// Durations, IPv6 addresses and choices are compared by compare-values.ts.
import { Temporal } from "temporal-polyfill";
import { isSafeRedirect } from "../../src/http/index.ts";
import { policyText } from "../../src/http/csp.ts";
import { quotePath, toQueryString } from "../../src/http/urls/quote.ts";
import { formatNumber, listText, overrideLanguage, useI18n } from "../../src/kernel/i18n/index.ts";
import { constantTimeCompare } from "../../src/kernel/signing/index.ts";
import { Engine } from "../../src/templates/index.ts";
import { calendarTime } from "../../src/templates/dates/calendar-time.ts";
import { formatDate } from "../../src/templates/dates/format-date.ts";
import { timeBetween } from "../../src/templates/dates/time-between.ts";
import { decode, NoCounterpart, recordedCases, Tally } from "./recorded.ts";

interface Case {
  id: string;
  fn: string;
  args: unknown[];
  kwargs: Record<string, any>;
  options: { language?: string; TIME_ZONE?: string; USE_THOUSAND_SEPARATOR?: boolean };
  needs: string[];
  expect: { value?: unknown; error?: { type: string } };
}

type Runner = (args: any[], kwargs: Record<string, any>, options: { timeZone: string; language: string }) => unknown;

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

/** What only another language has: bytes, and texts in their place. */
const refuse = (reason: string): never => {
  throw new NoCounterpart(reason);
};

function truncate(unit: "chars" | "words"): Runner {
  return ([text, count, ending], { html, truncate: other }) =>
    ending === undefined && other === undefined
      ? filtered(`truncate${unit}${html ? "_html" : ""}`, text, count)
      : refuse("an ending of one's own");
}

function between(from: unknown, to: unknown, { depth = 2 }: Record<string, any>): string {
  if (depth < 1) throw new RangeError("depth");
  return timeBetween(calendarTime(from, "UTC")!, calendarTime(to, "UTC")!, { depth });
}

const runners: Record<string, Runner> = {
  "dateformat.format": ([value, format], _, { timeZone, language }) => {
    const isDay = value instanceof Temporal.PlainDate;
    if (isDay && /[aAfgGhHiPsu]/.test(format)) return refuse("hours of a day, which are 0 and no error here");
    if (value instanceof Temporal.PlainDateTime && value.toString().startsWith("2015-"))
      return refuse("local times that come twice or never");
    const local = value instanceof Temporal.PlainDateTime && format !== "c" ? value.toZonedDateTime(timeZone) : value;
    return formatDate(local, format, { timeZone, language });
  },
  "timesince.timesince": ([from, to], kwargs) =>
    kwargs["time_strings"] ? refuse("words of one's own") : between(from, to, kwargs),
  "timesince.timeuntil": ([to, from], kwargs) => between(from, to, kwargs),
  "numberformat.format": ([value, decimalSeparator, decimals], kwargs) =>
    formatNumber(value, {
      decimalSeparator,
      decimals: decimals ?? kwargs["decimal_pos"] ?? undefined,
      numberGrouping: kwargs["grouping"] ?? 0,
      thousandSeparator: kwargs["thousand_sep"] ?? "",
      grouping: kwargs["force_grouping"] ?? (kwargs["use_l10n"] === false ? false : undefined),
    }),
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
    engine.renderString("{% spaceless %}{{ text|safe }}{% endspaceless %}", { text: `|${text}|` }),
  "html.json_script": ([value, id]) => filtered("json_script", value, id),
  "html.urlize": ([text], kwargs) => (Object.keys(kwargs).length > 0 ? refuse("options of urlize") : filtered("urlize", text)),
  "encoding.iri_to_uri": byFilter("iriencode"),
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
};

/** Moments without a zone are local ones. */
function makersFor(timeZone: string, fn: string) {
  return {
    datetime: (text: string, { offset_s: offset }: { offset_s?: number }) => {
      const local = Temporal.PlainDateTime.from(text);
      if (offset === undefined) return fn === "dateformat.format" ? local : local.toZonedDateTime(timeZone);
      return new Date(local.toZonedDateTime("UTC").epochMilliseconds - offset * 1000);
    },
    bytes: () => refuse("bytes"),
    int: BigInt,
  };
}

async function compare(each: Case, run: Runner, tally: Tally): Promise<void> {
  if (each.needs.includes("clock")) return tally.leaveOut("a clock that stood still");
  const timeZone = each.options.TIME_ZONE ?? "UTC";
  const language = each.options.language ?? "en";
  useI18n({ timeZone, useThousandSeparator: each.options.USE_THOUSAND_SEPARATOR ?? false });
  const own = makersFor(timeZone, each.fn);
  try {
    const [args, kwargs] = [decode(each.args, own) as any[], decode(each.kwargs, own) as Record<string, any>];
    const wanted = each.expect.error === undefined ? String(decode(each.expect.value, own)) : "an error";
    let got: string;
    try {
      got = String(await overrideLanguage(language, () => run(args, kwargs, { timeZone, language })));
    } catch (error) {
      if (error instanceof NoCounterpart) throw error;
      got = each.expect.error === undefined ? String(error) : "an error";
    }
    if (each.fn.includes("strip_spaces")) got = got.slice(1, -1);
    if (got === wanted) tally.agree();
    else
      tally.differ(
        `${each.id} ${JSON.stringify(each.args).slice(0, 200)} ${JSON.stringify(each.kwargs)}: ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`,
      );
  } catch (error) {
    if (!(error instanceof NoCounterpart)) throw error;
    tally.leaveOut(error.message);
  }
}

const cases = recordedCases<Case>("compare-utils.ts utils.json");
for (const [name, run] of Object.entries(runners)) {
  const tally = new Tally(name);
  for (const each of cases.filter(({ fn }) => fn === name)) await compare(each, run, tally);
  tally.print();
}
