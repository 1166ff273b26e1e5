import { isDeepStrictEqual } from "node:util";
import * as orm from "cortado/orm";
import { setRollback, transaction } from "cortado/orm";
import { type Case, expectedOf, sourceOf } from "./cases.ts";
import { models } from "./fuzz-models.ts";
import type { Step } from "./steps.ts";
import { plain } from "./values.ts";
import type { World } from "./world.ts";

const names = { ...orm, ...models };
const run = (code: string): Promise<unknown> =>
  // oxlint-disable-next-line typescript/no-implied-eval -- a query is made as text, so that a failure can be read
  (new Function(...Object.keys(names), `return ${code}`) as (...values: unknown[]) => Promise<unknown>)(...Object.values(names));

/** What a query gave that it should not have; undefined when it is right. */
export async function faultOf(query: Case, world: World): Promise<string | undefined> {
  const expected = sorted(query, plain(expectedOf(query, world)));
  let given: unknown;
  try {
    given = await transaction(async () => {
      const found = await run(sourceOf(query));
      setRollback();
      return found;
    });
  } catch (error) {
    return `error ${String((error as { code?: string }).code)}: ${String((error as Error).message)}`;
  }
  const found = sorted(query, plain(given));
  if (isDeepStrictEqual(found, expected)) return undefined;
  return `gave ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`;
}

function sorted({ ending }: Case, found: unknown): unknown {
  if (ending.ordered || !Array.isArray(found)) return found;
  return found.map((each) => JSON.stringify(Object.entries(each as object).sort())).sort();
}

/** The smallest query that still fails in the same way. */
export async function smallest(query: Case, world: World): Promise<Case> {
  const kind = (fault: string | undefined) =>
    fault
      ?.replace(/[:,].*/s, "")
      .slice(0, 40)
      .replace(/^gave.*/, "gave");
  const wanted = kind(await faultOf(query, world));
  let best = query;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const next of smallerCases(best))
      if (kind(await faultOf(next, world)) === wanted) {
        best = next;
        isSmaller = true;
        break;
      }
  }
  return best;
}

function smallerCases(query: Case): Case[] {
  const { steps } = query;
  const replaced = (at: number, by: readonly Step[]): Case => ({
    ...query,
    steps: [...steps.slice(0, at), ...by, ...steps.slice(at + 1)],
  });
  return steps.flatMap((step, at) => [
    ...(step.needed ? [] : [replaced(at, [])]),
    ...step.smaller.map((smaller) => replaced(at, [smaller])),
  ]);
}
