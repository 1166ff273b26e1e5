import type { BaseFormset } from "../formsets/base-formset.ts";
import { formsetRefusal } from "../formsets/formset-refusal.ts";

/*
 * How it works. A formset believes a count that the client sends, up to its own limit. Formsets inside formsets would multiply
 * theirs: a page of a hundred letters could ask for millions of forms. So those of one submission are counted together.
 */

/** Forms inside forms that are read of one submission, where no single formset may have more. */
const most = 2000;

/** The forms of each formset, by its prefix. */
const counted = new WeakMap<object, Map<string, number>>();

/** The limit that a formset inside a form breaks, together with the others of its submission; undefined where it may be read. */
export function brokenLimit(origin: object, { prefix, totalFormCount, absoluteMax }: BaseFormset): number | undefined {
  const counts = counted.get(origin) ?? new Map<string, number>();
  counted.set(origin, counts);
  const others = counts.values().reduce((sum, count) => sum + count, 0) - (counts.get(prefix) ?? 0);
  const limit = Math.max(most, absoluteMax);
  if (others + totalFormCount > limit) return limit;
  counts.set(prefix, totalFormCount);
  return undefined;
}

/** Refuses a formset that breaks the limit. @throws ValidationError */
export function refuseTooMany(origin: object, forms: BaseFormset): void {
  const num = brokenLimit(origin, forms);
  if (num !== undefined) throw formsetRefusal("too_many_forms", { num });
}
