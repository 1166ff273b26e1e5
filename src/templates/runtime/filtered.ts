import { LazyText } from "#kernel/i18n";
import { isDateLike } from "../dates/calendar-time.ts";
import { zonedTime } from "../dates/zoned-time.ts";
import type { RegisteredFilter } from "../library.ts";
import { SafeString } from "../safe-string.ts";
import type { Render } from "./render.ts";
import { textOf } from "./text.ts";

/** A filter as compiled code calls it. */
export type Applier = (value: unknown, argument: unknown, render: Render) => unknown;

const appliers = new WeakMap<RegisteredFilter, Applier>();

/** The function that applies a filter, keeping what was safe safe where the filter may. */
export function applierOf(filter: RegisteredFilter): Applier {
  const applier = appliers.get(filter) ?? makeApplier(filter);
  appliers.set(filter, applier);
  return applier;
}

function makeApplier({ run, isSafe, text, receivesSafe, expectsLocaltime }: RegisteredFilter): Applier {
  return (value, argument, render) => {
    const wasSafe = value instanceof SafeString;
    let given = wasSafe && !receivesSafe ? value.value : value instanceof LazyText ? value.toString() : value;
    if (text && typeof given !== "string" && !(given instanceof SafeString)) given = textOf(given);
    if (expectsLocaltime && isDateLike(given)) given = zonedTime(given, render.timeZone) ?? given;
    const result = run(given, argument, render);
    return isSafe && wasSafe && typeof result !== "object" ? new SafeString(textOf(result)) : result;
  };
}
