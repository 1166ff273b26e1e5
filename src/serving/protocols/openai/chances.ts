import type { TokenChance } from "../../engines/token-chance.ts";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { isGiven } from "./sampling-item.ts";

/** The most tokens that are told beside each. */
const MOST = 20;
/** What stands for no chance at all, which JSON cannot say. */
const NO_CHANCE = -9999;

const refuse = (where: string, problem: string): Error => servingErrors.SERVING_BAD_INPUT({ where, problem });

/** What a chat says of chances: `logprobs`, and with `top_logprobs` how many are told beside each token. @throws SERVING_BAD_INPUT */
export function chatChances({ logprobs, top_logprobs: top }: Readonly<Record<string, unknown>>): { logprobs?: number } {
  if (isGiven(logprobs) && typeof logprobs !== "boolean")
    throw refuse("logprobs", `is ${describe(logprobs)}, and must be true or false`);
  if (isGiven(top) && !isCount(top)) throw refuse("top_logprobs", `is ${describe(top)}, and must be ${counts}`);
  if (logprobs === true) return { logprobs: (top as number | null | undefined) ?? 0 };
  if (isGiven(top) && top !== 0) throw refuse("top_logprobs", "is given, and needs logprobs to be true");
  return {};
}

/** The same of completions, where `logprobs` is how many are told. @throws SERVING_BAD_INPUT */
export function completionChances({ logprobs }: Readonly<Record<string, unknown>>): { logprobs?: number } {
  if (!isGiven(logprobs)) return {};
  if (!isCount(logprobs)) throw refuse("logprobs", `is ${describe(logprobs)}, and must be ${counts}`);
  return { logprobs };
}

const counts = `a whole number from 0 to ${MOST}`;

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST;
}

/** Says that a model told a text without the chances that are wanted. @throws SERVING_BAD_INPUT */
export function refuseChances(model: string): never {
  throw refuse("logprobs", `is given, and the model "${model}" does not tell the chances of its tokens`);
}

/** The chances that a handler gave, each with at most so many beside it; undefined where it gave none. @throws SERVING_BAD_OUTPUT */
export function checkedChances(given: unknown, { model, most }: { model: string; most: number }): TokenChance[] | undefined {
  if (given === undefined || given === null) return undefined;
  const wrong = (where: string, value: unknown, wanted: string): Error => {
    const problem = `gave ${where} that is ${describe(value)}; it must be ${wanted}`;
    return servingErrors.SERVING_BAD_OUTPUT({ model, step: "answer", problem });
  };
  const checked = (chances: unknown, where: string): TokenChance[] => {
    if (!Array.isArray(chances)) throw wrong(where, chances, "an array of { token, logprob }");
    for (const [i, chance] of chances.entries()) {
      const { token, logprob } = (chance ?? {}) as { token?: unknown; logprob?: unknown };
      if (typeof token !== "string") throw wrong(`${where}[${i}].token`, token, "a text");
      if (typeof logprob !== "number" || Number.isNaN(logprob)) throw wrong(`${where}[${i}].logprob`, logprob, "a number");
    }
    return chances as TokenChance[];
  };
  return checked(given, "logprobs").map((chance, i) =>
    chance.top ? { ...chance, top: checked(chance.top, `logprobs[${i}].top`).slice(0, most) } : chance,
  );
}

/** Chances as chats tell them. */
export function chatLogprobs(chances: readonly TokenChance[] | undefined): object | null {
  if (chances === undefined) return null;
  const content = chances.map((chance) => ({ ...told(chance), top_logprobs: (chance.top ?? []).map(told) }));
  return { content, refusal: null };
}

function told({ token, logprob, bytes }: TokenChance): object {
  return { token, logprob: finite(logprob), bytes: bytes === undefined ? bytesOf(token) : bytes };
}

const finite = (logprob: number): number => Math.max(logprob, NO_CHANCE);

function bytesOf(token: string): number[] | null {
  return token.includes("\uFFFD") ? null : [...Buffer.from(token)];
}

/** Chances as completions tell them; the text of the first of them begins `at` this place of the answer. */
export function completionLogprobs(chances: readonly TokenChance[] | undefined, at: number): object | null {
  if (chances === undefined) return null;
  let end = at;
  const offsets = chances.map(({ token }) => (end += token.length) - token.length);
  return {
    tokens: chances.map(({ token }) => token),
    token_logprobs: chances.map(({ logprob }) => finite(logprob)),
    top_logprobs: chances.every(({ top = [] }) => top.length === 0) ? null : chances.map(topOf),
    text_offset: offsets,
  };
}

/** The likeliest by their texts; the token itself is always among them. */
function topOf(chance: TokenChance): Record<string, number> {
  return Object.fromEntries([...(chance.top ?? []), chance].map(({ token, logprob }) => [token, finite(logprob)]));
}
