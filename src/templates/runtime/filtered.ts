import type { RegisteredFilter } from "../library.ts";
import { SafeString } from "../safe-string.ts";
import type { Render } from "./render.ts";
import { textOf } from "./text.ts";

/** Applies a filter, keeping what was safe safe where the filter may. */
export function filtered(filter: RegisteredFilter, value: unknown, argument: unknown, render: Render): unknown {
  const wasSafe = value instanceof SafeString;
  let given = wasSafe && !filter.receivesSafe ? value.value : value;
  if (filter.text && typeof given !== "string" && !(given instanceof SafeString)) given = textOf(given, render.timeZone);
  const result = filter.run(given, argument, render);
  return filter.isSafe && wasSafe && !(result instanceof SafeString) && typeof result !== "object"
    ? new SafeString(textOf(result))
    : result;
}
