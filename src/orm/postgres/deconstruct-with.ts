import type { DeconstructedField } from "../fields/field.ts";

/** What a migration writes of a field, with options that only this kind has; a generated field's stand with its output. */
export function deconstructWith(
  { kind, options }: DeconstructedField,
  own: Readonly<Record<string, unknown>>,
): DeconstructedField {
  const added = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  if (kind !== "generated") return { kind, options: { ...added, ...options } };
  const output = options["output"] as DeconstructedField;
  return { kind, options: { ...options, output: deconstructWith(output, own) } };
}
