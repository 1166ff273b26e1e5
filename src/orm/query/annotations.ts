import { ormErrors } from "../errors.ts";
import { Expression } from "../expressions/expression.ts";
import type { ModelMeta } from "../model/meta.ts";
import { isReservedName } from "../model/reserved-names.ts";
import type { QueryState } from "./query-state.ts";

/** The annotations that rows have: all but those of `alias()`. */
export function visibleAnnotations({ annotations, hidden }: QueryState): string[] {
  if (annotations === undefined) return [];
  const names = Object.keys(annotations);
  return hidden === undefined ? names : names.filter((name) => !hidden.includes(name));
}

/** An annotation stands beside the fields, not in front of one. */
export function refuseShadow(meta: ModelMeta, name: string): void {
  if (meta.member(name) === undefined && !isReservedName(name)) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `The annotation "${name}" has the name of something that every ${meta.label} has.`,
    hint: `Give it another name: r => ({ ${name}2: … }).`,
  });
}

/** An aggregate or annotation function's result, checked. */
export function expressionsOf(made: Record<string, unknown>, meta: ModelMeta): Record<string, Expression<any>> {
  for (const [name, value] of Object.entries(made)) {
    if (!(value instanceof Expression)) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `"${name}" of an annotation on ${meta.label} is ${String(value)}, not an expression.`,
        hint: "Return an object of expressions: r => ({ n: r.coffees.count() }).",
      });
    }
  }
  return made as Record<string, Expression<any>>;
}

/** The query with more annotations. */
export function annotated(
  state: QueryState,
  given: Record<string, unknown>,
): Pick<QueryState, "annotations" | "selection" | "group" | "hidden"> {
  const made = expressionsOf(given, state.meta);
  const names = Object.keys(made);
  for (const name of names) refuseShadow(state.meta, name);
  const { selection, hidden } = state;
  const isGrouping = names.some((name) => made[name]!.isAggregate);
  return {
    annotations: { ...state.annotations, ...made },
    selection: selection && { ...selection, names: [...new Set([...selection.names, ...names])] },
    group: state.group ?? (isGrouping ? (selection?.names ?? "row") : undefined),
    hidden: hidden?.filter((name) => !names.includes(name)),
  };
}
