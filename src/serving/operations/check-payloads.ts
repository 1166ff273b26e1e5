import { type CheckMessage, didYouMean } from "#kernel";

interface Rule {
  holds(value: unknown): boolean;
  possible: string;
}

const names: Rule = {
  holds: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
  possible: "a list of names",
};

const rules: Readonly<Record<string, Rule>> = {
  to: {
    holds: (value) => typeof value === "function" || (typeof value === "string" && value !== ""),
    possible: "the path of a folder, or a function",
  },
  sample: { holds: (value) => typeof value === "number" && value >= 0 && value <= 1, possible: "a number from 0 to 1" },
  models: names,
  redact: names,
  maxBytes: { holds: (value) => typeof value === "number" && value > 0, possible: "a number of bytes" },
  keepDays: { holds: (value) => typeof value === "number" && value >= 1, possible: "a number of days" },
};

/** What is wrong with the setting `serving.payloads`. `served` are the models that the project declares. */
export function checkPayloads(payloads: object | undefined, served: readonly string[]): CheckMessage[] {
  if (payloads === undefined) return [];
  const bad = (key: string, message: string, hint?: string): CheckMessage => ({
    level: "error",
    code: "SERVING_CHECK_BAD_PAYLOADS",
    object: `serving.payloads.${key}`,
    message,
    hint,
  });
  const known = Object.keys(rules);
  const found = Object.entries({ to: undefined, ...payloads }).flatMap(([key, value]: [string, unknown]) => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined)
      return [bad(key, `There is no such setting. There are: ${known.join(", ")}.`, didYouMean(key, known))];
    if ((value === undefined && key !== "to") || rule.holds(value)) return [];
    return [bad(key, `It is ${JSON.stringify(value) ?? "missing"}, and must be ${rule.possible}.`)];
  });
  return [...found, ...unknownModels(payloads, served)];
}

/** Models that lie in folders are known only when they are served, so that this is no error. */
function unknownModels(payloads: object, served: readonly string[]): CheckMessage[] {
  const { models } = payloads as { models?: unknown };
  if (!Array.isArray(models)) return [];
  const unknown = models.filter((name): name is string => typeof name === "string" && !served.includes(name));
  return unknown.map((name) => ({
    level: "warning",
    code: "SERVING_CHECK_UNKNOWN_MODEL",
    object: "serving.payloads.models",
    message: `No app lists a handler "${name}".`,
    hint: didYouMean(name, served) ?? "A model that lies in a folder only may have this name.",
  }));
}
