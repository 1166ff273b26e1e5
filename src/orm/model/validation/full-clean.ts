import { type AnyRow, metaOf } from "../rows/row.ts";
import { validateConstraints } from "./constraint-checks.ts";
import { cleanFields } from "./clean-fields.ts";
import { validateUnique } from "./unique-checks.ts";
import { ErrorsByField } from "./errors-by-field.ts";

/**
 * How it works
 *
 * `fullClean()` takes four steps, as Django does: each field by itself, the model's own `clean()`, what
 * must be unique, and the constraints. A step does not look at fields that an earlier one refused. Each
 * step can be asked alone; all refusals come together in one `ValidationError`.
 */
export async function fullClean(instance: object, excluded: readonly string[]): Promise<void> {
  const row = instance as AnyRow;
  const errors = new ErrorsByField();
  const exclude = () => new Set([...excluded, ...errors.names]);
  await errors.collect(() => row["cleanFields"]({ exclude: excluded }));
  await errors.collect(() => row["clean"]?.());
  await errors.collect(() => row["validateUnique"]({ exclude: exclude() }));
  await errors.collect(() => row["validateConstraints"]({ exclude: exclude() }));
  errors.throwAny();
}

/** Which fields a step leaves out. */
export interface CleanOptions {
  exclude?: Iterable<string>;
}

/** One step of `fullClean()` by itself. @throws ValidationError with `byField` */
export async function cleanStep(
  step: "fields" | "unique" | "constraints",
  instance: object,
  { exclude = [] }: CleanOptions,
): Promise<void> {
  const row = instance as AnyRow;
  const errors = new ErrorsByField();
  await steps[step]({ row, meta: metaOf(row), exclude: new Set(exclude), errors });
  errors.throwAny();
}

const steps = { fields: cleanFields, unique: validateUnique, constraints: validateConstraints };
