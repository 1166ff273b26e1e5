import type { QueryState } from "../query/query-state.ts";
import { isGeneric } from "./generic-fields.ts";
import { relationMember } from "./relation-member.ts";
import { prefetchPlans } from "./prefetch.ts";
import { refuseShadow } from "../query/annotations.ts";

/** The change of a query that `with()` makes: names to load, or queries by relation. */
export function withRelations({ meta, load, prefetch }: QueryState, given: readonly unknown[]): Partial<QueryState> {
  const names: string[] = [];
  const plans = [...(prefetch ?? [])];
  for (const one of given) {
    if (typeof one === "string") names.push(one);
    else plans.push(...prefetchPlans(one as Readonly<Record<string, unknown>>));
  }
  for (const name of names) checkRelation(name.split(".")[0]!);
  for (const { relation, as } of plans) {
    checkRelation(relation);
    if (as !== undefined) refuseShadow(meta, as);
  }
  return { load: [...new Set([...load, ...names])], prefetch: plans.length > 0 ? plans : undefined };

  function checkRelation(name: string): void {
    if (!isGeneric(meta, name)) relationMember(meta, name);
  }
}
