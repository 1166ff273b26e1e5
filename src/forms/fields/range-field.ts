import { gettextLazy } from "#kernel/i18n";
import { compareValues } from "#validation";
import { MultiWidget } from "../widgets/multi-widgets.ts";
import { Field, type FieldOptions, isEmpty } from "./field.ts";

export interface RangeFieldOptions extends FieldOptions {
  /** Reads and refuses each bound; an empty one is none. */
  base: Field<any>;
  /** Makes the value of the bounds; without it they are a list of two, which ranges of models take. */
  compress?: ((bounds: readonly [any, any]) => unknown) | undefined;
}

const boundOrdering = gettextLazy("The start of the range must not exceed the end of the range.");

/** The bounds of a range, or of a list of two. */
function boundsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== "object" || value === null) return [undefined, undefined];
  const { lower, upper } = value as { lower?: unknown; upper?: unknown };
  return [lower, upper];
}

class RangeField<T> extends Field<T> {
  private readonly base: Field<any>;
  private readonly compress: (bounds: readonly [any, any]) => unknown;

  constructor({ base, compress = (bounds) => bounds, ...options }: RangeFieldOptions) {
    const bound = Object.assign(base.copy(), { required: false });
    const inputs = () =>
      new MultiWidget({
        widgets: [bound.widget, bound.widget],
        decompress: boundsOf,
        labels: [gettextLazy("From"), gettextLazy("To")],
      });
    super({ ...options, widget: options.widget ?? inputs }, { bound_ordering: boundOrdering });
    this.base = bound;
    this.compress = compress;
  }

  override async clean(raw: unknown): Promise<T> {
    const given = boundsOf(raw);
    if (given.every((bound) => isEmpty(bound))) {
      if (this.required) throw this.refusal("required");
      return null as T;
    }
    const bound = async (at: number) => (isEmpty(given[at]) ? null : ((await this.base.clean(given[at])) as unknown));
    const [lower, upper] = [await bound(0), await bound(1)];
    if (lower !== null && upper !== null && compareValues(lower, upper) > 0) throw this.refusal("bound_ordering");
    const value = this.compress([lower, upper]);
    this.runValidators(value);
    return value as T;
  }

  override hasChanged(initial: unknown, submitted: unknown): boolean {
    if (this.disabled) return false;
    const [before, after] = [boundsOf(initial), boundsOf(submitted)];
    return [0, 1].some((at) => this.base.hasChanged(before[at], after[at]));
  }
}

/** A range, asked for as its two bounds: `rangeField({ base: integerField() })`. */
export function rangeField<T = unknown>(
  options: Omit<RangeFieldOptions, "base"> & { base: Field<T> },
): Field<readonly [T | null, T | null]> {
  return new RangeField<any>(options);
}
