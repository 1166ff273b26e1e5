import { createHash } from "node:crypto";
import { cache, hasCache } from "#cache";
import { templatesErrors } from "../errors.ts";
import { wholeNumber } from "../filters/numbers.ts";
import { splitWords } from "../lexer.ts";
import type { Library, TagParser } from "../library.ts";
import type { Part } from "../runtime/around.ts";
import { type Render, runBody } from "../runtime/render.ts";
import { watchPersonal } from "../runtime/personal-names.ts";
import { quotedText, textOf } from "../runtime/text.ts";
import { namesSeen } from "../runtime/scope.ts";
import { SafeString } from "../safe-string.ts";

/** The cache that fragments are kept in where the project has one of this name. */
const fragmentCache = "template_fragments";

/**
 * The key under which `{% cache 500 name a b %}` keeps its fragment: to delete it when what it shows changes.
 *
 * ```ts
 * await cache().delete(templateFragmentKey("sidebar", [user.username]));
 * ```
 */
export function templateFragmentKey(name: string, varyOn: readonly unknown[] = []): string {
  const hash = createHash("md5");
  for (const value of varyOn) hash.update(`${textOf(value)}:`);
  return `template.cache.${name}.${hash.digest("hex")}`;
}

/** `{% cache 500 sidebar user.username using="pages" %}…{% endcache %}`: what is rendered is kept for so many seconds. */
const cacheTag: TagParser = (parser, token) => {
  const [, seconds, name, ...words] = splitWords(token.contents);
  if (seconds === undefined || name === undefined)
    throw parser.problem("{% cache %} needs a time and a name.", "Write {% cache 500 sidebar %}, the time in seconds.");
  const timeout = parser.expression(seconds);
  const using = words.at(-1)?.startsWith("using=") ? parser.expression(words.pop()!.slice(6)) : undefined;
  const varyOn = words.map((word) => parser.expression(word));
  const { nodes } = parser.parseUntil(token, "endcache");
  return {
    bodies: [nodes],
    usesContext: true,
    compile: (compiler) => {
      const alias = using === undefined ? "undefined" : compiler.argument(using);
      const values = varyOn.map((expression) => compiler.value(expression)).join(", ");
      const kept = `{ name: ${JSON.stringify(name)}, timeout: ${compiler.value(timeout, "null")}, alias: ${alias}, varyOn: [${values}] }`;
      compiler.write(`yield ${compiler.constant(fragment)}(r, ${compiler.partHere(nodes)}, ${kept})`);
    },
  };
};

interface Fragment {
  readonly name: string;
  readonly timeout: unknown;
  readonly alias: unknown;
  readonly varyOn: readonly unknown[];
}

/** The fragment as it is kept, or rendered now: once, however many ask for it. */
async function fragment(render: Render, { body, scope }: Part, kept: Fragment): Promise<string> {
  const timeout = kept.timeout === null ? null : secondsOf(kept.timeout);
  const alias = kept.alias === undefined ? (hasCache(fragmentCache) ? fragmentCache : undefined) : textOf(kept.alias);
  let made: string | undefined;
  // Made by whoever asks, never ahead of time: a render that is over has no more connection, and stands elsewhere.
  const make = async (mayBeKept = true) => {
    const own = render.fork();
    const asked = watchPersonal(own);
    made = await runBody(own, body(own, namesSeen(scope)));
    if (mayBeKept && asked.length > 0) throw notKept;
    return made;
  };
  try {
    const key = templateFragmentKey(kept.name, kept.varyOn);
    return await cache(alias).getOrSet(key, () => make(), { timeout, refreshAhead: 0 });
  } catch (error) {
    if (error !== notKept) throw error;
    return made ?? make(false);
  }
}

/** Thrown to those who wait for a fragment that is for one visitor alone. */
const notKept = Symbol("not kept");

function secondsOf(value: unknown): number {
  const seconds = wholeNumber(value instanceof SafeString ? value.value : value);
  if (seconds !== undefined) return seconds;
  throw templatesErrors.TEMPLATES_BAD_SYNTAX({
    problem: `The time of {% cache %} must be a number of seconds, and is ${quotedText(value)}.`,
  });
}

/** `{% load cache %}`: parts of pages that are kept for a while. */
export const cacheLibrary: Library = { tags: { cache: cacheTag }, filters: {} };
