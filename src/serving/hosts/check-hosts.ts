import { type CheckMessage, didYouMean } from "#kernel";

/** A path to a socket may have about a hundred characters, of which the name in the folder takes some. */
const LONGEST_FOLDER = 90;

interface Rule {
  holds(value: unknown): boolean;
  possible: string;
}

const bytes: Rule = { holds: isPositive, possible: "a number of bytes" };

const rules: Readonly<Record<string, Rule>> = {
  memory: bytes,
  shared: {
    holds: (value) => typeof value === "string" && value.length > 0 && value.length <= LONGEST_FOLDER,
    possible: `the path of a folder, of at most ${LONGEST_FOLDER} characters`,
  },
  quarantine: { holds: (value) => typeof value === "object" && value !== null, possible: "{ seconds, memory }" },
};

const trialRules: Readonly<Record<string, Rule>> = {
  seconds: { holds: isPositive, possible: "a number of seconds" },
  memory: bytes,
};

/** What is wrong with the options of `object` that say how processes run models. */
export function checkHosts(hosts: object = {}, object: string): CheckMessage[] {
  const found = problems(hosts, rules, object);
  const { quarantine } = hosts as { quarantine?: object };
  if (typeof quarantine !== "object" || quarantine === null) return found;
  return [...found, ...problems(quarantine, trialRules, `${object}.quarantine`)];
}

function problems(given: object, known: Readonly<Record<string, Rule>>, object: string): CheckMessage[] {
  return Object.entries(given).flatMap(([key, value]): CheckMessage[] => {
    const names = Object.keys(known);
    const about = { level: "error", code: "SERVING_CHECK_BAD_HOSTS", object: `${object}.${key}` } as const;
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    if (rule === undefined)
      return [{ ...about, message: `There is no such setting. There are: ${names.join(", ")}.`, hint: didYouMean(key, names) }];
    if (value === undefined || rule.holds(value)) return [];
    return [{ ...about, message: `It is ${JSON.stringify(value)}, and must be ${rule.possible}.` }];
  });
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}
