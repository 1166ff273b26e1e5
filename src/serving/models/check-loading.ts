import type { CheckMessage } from "#kernel";
import { isVersionName } from "../repositories/names.ts";
import type { LoadingOptions } from "./loading-options.ts";

const oneOf = (...values: readonly unknown[]) => ({
  holds: (value: unknown) => values.includes(value),
  possible: values.map((value) => JSON.stringify(value)).join(" or "),
});

const rules: Readonly<Record<Exclude<keyof LoadingOptions, "idle">, { holds(value: unknown): boolean; possible: string }>> = {
  mode: oneOf("poll", "explicit"),
  loading: oneOf("eager", "lazy"),
  load: {
    holds: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
    possible: "an array of models' names",
  },
  memory: { holds: (value) => typeof value === "number" && value > 0, possible: "a number of bytes" },
  strictReadiness: oneOf(true, false),
  versions: { holds: isPolicy, possible: '"all", { latest: 2 }, or numbers like ["3", "5"]' },
};

/** What is wrong with the options of `object` that say when models are loaded. */
export function checkLoading(options: Partial<LoadingOptions>, object: string): CheckMessage[] {
  const given = (Object.keys(rules) as (keyof typeof rules)[]).filter((key) => options[key] !== undefined);
  return given
    .filter((key) => !rules[key].holds(options[key]))
    .map((key) => ({
      level: "error",
      code: "SERVING_CHECK_BAD_LOADING",
      object: `${object}.${key}`,
      message: `It is ${JSON.stringify(options[key])}, and must be ${rules[key].possible}.`,
    }));
}

function isPolicy(value: unknown): boolean {
  if (value === "all") return true;
  if (Array.isArray(value)) return value.length > 0 && value.every((name) => typeof name === "string" && isVersionName(name));
  const latest = (value as { latest?: unknown } | null)?.latest;
  return typeof latest === "number" && Number.isInteger(latest) && latest > 0;
}
