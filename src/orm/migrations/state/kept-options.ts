import type { ModelMeta } from "../../model/meta.ts";
import type { StateOptions } from "./project-state.ts";
import { type FieldRename, renamedName, renameInPart } from "./renamed-parts.ts";
import { storedConstraint, storedIndex } from "./stored-parts.ts";

/** Options that neither the database nor a data migration has a use for. */
const unkept: ReadonlySet<string> = new Set(["load", "verboseName", "verboseNamePlural"]);

/** The options of a declared model that a state keeps: data only, nothing empty. */
export function keptOptions(meta: ModelMeta): StateOptions {
  const { constraints = [], indexes = [], ...others } = meta.options;
  const stored = {
    ...others,
    constraints: constraints.map((one) => storedConstraint(meta, one)),
    indexes: indexes.map((one) => storedIndex(meta, one)),
    bases: basesOf(meta),
  };
  return Object.fromEntries(Object.entries(stored).filter(([name, value]) => !unkept.has(name) && isKeptValue(value)));
}

/** The models whose table a child joins, or a proxy shares. */
function basesOf({ proxyFor, parents }: ModelMeta): string[] {
  return proxyFor === undefined ? parents.map(({ model }) => model.meta.key) : [proxyFor.meta.key];
}

function isKeptValue(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && !(Array.isArray(value) && value.length === 0);
}

/** The same options after a field was renamed. */
export function renameFieldInOptions(options: StateOptions, rename: FieldRename): StateOptions {
  const { ordering, indexes, constraints } = options;
  return {
    ...options,
    ...(ordering && { ordering: ordering.map((name) => renamedName(name, rename)) }),
    ...(indexes && { indexes: indexes.map((part) => renameInPart(part, rename)) }),
    ...(constraints && { constraints: constraints.map((part) => renameInPart(part, rename)) }),
  };
}
