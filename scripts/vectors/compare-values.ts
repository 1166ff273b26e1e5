// Runs what was recorded of another framework's readers of durations, addresses and choices.
//   node --conditions=cortado-source scripts/vectors/compare-values.ts utils.json
import { choiceList } from "../../src/forms/choices.ts";
import { durationMicroseconds, durationOf, formatDuration, parseDuration, shortIpv6, validateIpv6Address, ValidationError } from "../../src/validation/index.ts";
import { decode, NoCounterpart, recordedCases, Tally } from "./recorded.ts";

interface Case {
  id: string;
  fn: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  expect: any;
}

const microseconds = ({ days, seconds, us }: { days: number; seconds: number; us: number }) =>
  (BigInt(days) * 86_400n + BigInt(seconds)) * 1_000_000n + BigInt(us);
const own = { timedelta: (_: unknown, whole: any) => ({ microseconds: microseconds(whole) }) };

const readers: Record<string, (...args: any[]) => unknown> = {
  "dateparse.parse_duration": (text: string) => {
    const duration = parseDuration(text);
    return duration && { microseconds: durationMicroseconds(duration) };
  },
  "duration.duration_string": (given: { microseconds: bigint }) => formatDuration(durationOf(given.microseconds)),
  "ipv6.is_valid_ipv6_address": (text: unknown) => accepts(() => validateIpv6Address(text)),
  "ipv6.clean_ipv6_address": (text: string) => shortIpv6(text, false),
  "choices.normalize_choices": (choices: never) => choiceList(choices),
};

function accepts(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

const shown = (value: unknown) => JSON.stringify(value ?? null, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));

for (const [name, read] of Object.entries(readers)) {
  const tally = new Tally(name);
  for (const each of recordedCases<Case>("compare-values.ts utils.json").filter((one) => one.fn === name)) {
    try {
      if (name.startsWith("choices") && (typeof each.args[0] !== "object" || each.args[0] === null)) throw new NoCounterpart("what is no choices");
      const wanted = each.expect.error ? "an error" : shown(decode(each.expect.value, own));
      let got: string;
      try {
        got = shown(read(...each.args.map((arg) => decode(arg, own))));
      } catch (error) {
        if (error instanceof NoCounterpart) throw error;
        got = "an error";
      }
      if (got === wanted) tally.agree();
      else tally.differ(`${each.id} ${JSON.stringify(each.args)} ${JSON.stringify(each.kwargs)}: ${got}, wanted ${wanted}`);
    } catch (error) {
      if (!(error instanceof NoCounterpart)) throw error;
      tally.leaveOut(error.message);
    }
  }
  tally.print();
}
