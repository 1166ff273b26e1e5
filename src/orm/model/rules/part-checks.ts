import type { CheckMessage } from "#kernel";
import type { Constraint } from "./constraints.ts";
import type { Index } from "./indexes.ts";
import type { ModelMeta } from "../meta.ts";
import { nameLimit } from "./part-names.ts";

/** The fields that a model's indexes and constraints name, without the marks of their order. */
export function namedFields(parts: readonly (Constraint | Index)[]): string[] {
  const keys = parts.flatMap((part) => {
    if ("expressions" in part) return [...part.expressions.map(([key]) => key), ...(part.include ?? [])];
    const { fields = [], include = [] } = part as Partial<Index>;
    return [...(typeof fields === "function" ? [] : fields), ...include];
  });
  return keys.filter((key) => typeof key === "string").map((name) => name.replace(/^-/, ""));
}

/** Indexes and constraints of different tables cannot share a name on PostgreSQL, nor those of one table anywhere. */
export function* checkPartNames(models: readonly ModelMeta[]): Iterable<CheckMessage> {
  const owners = new Map<string, string>();
  for (const { key, options } of models) {
    for (const { name } of [...(options.indexes ?? []), ...(options.constraints ?? [])]) {
      if (name === undefined) continue;
      if (Buffer.byteLength(name) > nameLimit)
        yield {
          level: "error",
          code: "ORM_CHECK_PART_NAME",
          object: key,
          message: `The name "${name}" is longer than the ${nameLimit} bytes that PostgreSQL keeps of it.`,
          hint: "Give a shorter name.",
        };
      const owner = owners.get(name);
      owners.set(name, key);
      if (owner === undefined) continue;
      yield {
        level: "error",
        code: "ORM_CHECK_PART_NAME",
        object: key,
        message: `The name "${name}" is taken by ${owner === key ? "another index or constraint of the model" : `an index or constraint of ${owner}`}.`,
        hint: "Give one of them another name.",
      };
    }
  }
}
