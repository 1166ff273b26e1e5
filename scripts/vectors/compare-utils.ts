/*
 * Holds small functions — of dates, numbers, texts, HTML, addresses, choices — against what another framework's tests recorded of
 * theirs:
 *
 *   node --conditions=cortado-source scripts/vectors/compare-utils.ts utils.json
 *
 * What stands in the place of each is in runners/.
 */
import { Temporal } from "temporal-polyfill";
import { overrideLanguage, useI18n } from "../../src/kernel/i18n/index.ts";
import { decode, NoCounterpart, recordedCases, type Sides, Tally } from "./recorded.ts";
import { addressRunners } from "./runners/addresses.ts";
import { dateRunners } from "./runners/dates.ts";
import { refuse, type Runner } from "./runners/runner.ts";
import { textRunners } from "./runners/texts.ts";

interface Case {
  id: string;
  fn: string;
  args: unknown[];
  kwargs: Record<string, any>;
  options: { language?: string; TIME_ZONE?: string; USE_THOUSAND_SEPARATOR?: boolean };
  needs: string[];
  expect: { value?: unknown; error?: { type: string } };
}

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

/** Lists and plain objects by what is in them, everything else by its text. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return "null";
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? JSON.stringify(value) : String(value);
}

async function sidesOf({ fn, args, kwargs, needs, options, expect }: Case, run: Runner): Promise<Sides> {
  if (needs.includes("clock")) refuse("a clock that stood still");
  const { TIME_ZONE: timeZone = "UTC", language = "en", USE_THOUSAND_SEPARATOR: useThousandSeparator = false } = options;
  useI18n({ timeZone, useThousandSeparator });
  const own = makersFor(timeZone, fn);
  const given = [decode(args, own) as any[], decode(kwargs, own) as Record<string, any>] as const;
  const wanted = expect.error === undefined ? shown(decode(expect.value, own)) : "an error";
  try {
    return { got: shown(await overrideLanguage(language, () => run(...given, { timeZone, language }))), wanted };
  } catch (error) {
    if (error instanceof NoCounterpart) throw error;
    return { got: expect.error === undefined ? String(error) : "an error", wanted };
  }
}

const cases = recordedCases<Case>("compare-utils.ts utils.json");
for (const [name, run] of Object.entries({ ...dateRunners, ...textRunners, ...addressRunners })) {
  const tally = new Tally(name);
  for (const each of cases.filter(({ fn }) => fn === name)) {
    const call = `${each.id} ${JSON.stringify(each.args).slice(0, 200)} ${JSON.stringify(each.kwargs)}`;
    await tally.compare(call, () => sidesOf(each, run));
  }
  tally.print();
}
