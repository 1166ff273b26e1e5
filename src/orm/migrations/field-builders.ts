import type { Field } from "../fields/field.ts";
import * as numbers from "../fields/number-fields.ts";
import { foreignKey, manyToMany, oneToOne } from "../fields/relation-fields.ts";
import * as texts from "../fields/text-fields.ts";
import * as times from "../fields/time-fields.ts";

type Builder = (options: any) => Field;

/** The functions that make fields with a value of their own, by the kind they make. */
export const fieldBuilders: Readonly<Record<string, Builder>> = onlyFunctions({ ...numbers, ...texts, ...times });

/** The functions that make relations, by the kind they make. */
export const relationBuilders: Readonly<Record<string, (to: string, options: any) => Field>> = {
  foreignKey,
  oneToOne,
  manyToMany,
};

function onlyFunctions(exported: Record<string, unknown>): Record<string, Builder> {
  return Object.fromEntries(
    Object.entries(exported).filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name)),
  ) as Record<string, Builder>;
}
