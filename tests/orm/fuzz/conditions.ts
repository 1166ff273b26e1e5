import { expressionCondition } from "./expressions.ts";
import { type Kind, type ModelName, shapes } from "./fuzz-models.ts";
import { type Comparison, comparison } from "./lookups.ts";
import type { Condition, Making } from "./making.ts";
import type { Random } from "./random.ts";
import { all, any, type Truth } from "./values.ts";
import type { PlainRow, World } from "./world.ts";

/** One member of an object: `price: { gte: 3 }`. It may be asked of a joined row that is missing. */
interface Member {
  readonly name: string;
  readonly value: string;
  readonly holds: (row: PlainRow | null) => Truth;
}

const deeper = (making: Making): Making => ({ ...making, depth: Math.max(0, making.depth - 1) });

/** Any condition on rows of a model. */
export function condition(making: Making, model: ModelName): Condition {
  const { random, depth } = making;
  if (depth > 0 && random.chance(0.3)) return joined(making, model);
  if (random.chance(0.3)) return expressionCondition(deeper(making), model);
  const members = objectMembers(making, model);
  const single = (each: Member): Condition => ({ code: `{ ${written(each)} }`, holds: each.holds, parts: [] });
  return {
    code: `{ ${members.map(written).join(", ")} }`,
    holds: (row) => all(members.map((member) => member.holds(row))),
    parts: members.length > 1 ? members.map(single) : [],
  };
}

const written = ({ name, value }: Member) => `${name}: ${value}`;

function joined(making: Making, model: ModelName): Condition {
  const { random } = making;
  const name = random.pick(["or", "and", "not", "xor"] as const);
  const parts = Array.from({ length: 1 + random.below(3) }, () => condition(deeper(making), model));
  const truth: Readonly<Record<typeof name, (truths: Truth[]) => Truth>> = {
    or: any,
    and: all,
    not: (truths) => all(truths) !== true,
    xor: (truths) => truths.filter((each) => each === true).length % 2 === 1,
  };
  return {
    code: `Q.${name}(${parts.map(({ code }) => code).join(", ")})`,
    holds: (row) => truth[name](parts.map((part) => part.holds(row))),
    parts,
  };
}

/** One to three members of different names. */
function objectMembers(making: Making, model: ModelName): Member[] {
  const { random } = making;
  const { columns, one, reverseOne, many } = shapes[model];
  const relations = making.depth > 0 ? [...Object.keys(one), ...Object.keys(reverseOne), ...Object.keys(many)] : [];
  const names = random.some([...Object.keys(columns), ...relations, ...relations], random.chance(0.6) ? 1 : 2 + random.below(2));
  return [...new Set(names)].map((name) => member(making, model, name));
}

function member(making: Making, model: ModelName, name: string): Member {
  const { columns, one, reverseOne, many } = shapes[model];
  const kind = columns[name];
  if (kind !== undefined) return column(making, name, kind);
  if (one[name] !== undefined) return toOne(making, name, one[name]);
  const far = many[name] ?? reverseOne[name]!;
  return toMany(making, { name, far, isOne: many[name] === undefined });
}

function column({ random }: Making, name: string, kind: Kind): Member {
  const found: Comparison = comparison(random, kind);
  return { name, value: found.code, holds: (row) => found.holds(row === null ? null : row[name]) };
}

/** A to-one relation: compared with a key or a query, or led over. */
function toOne(making: Making, name: string, target: ModelName): Member {
  const { random, world } = making;
  const keyOf = (row: PlainRow | null): number | null => row?.[name]?.["id"] ?? null;
  if (random.chance(0.2)) {
    const isNone = random.chance(0.5);
    return {
      name,
      value: isNone ? random.pick(["null", "{ isNull: true }"]) : "{ isNull: false }",
      holds: (row) => (keyOf(row) === null) === isNone,
    };
  }
  if (random.chance(0.3)) {
    const { code, keys } = subQuery(making, target);
    return { name, value: `{ in: ${code} }`, holds: (row) => inKeys(keyOf(row), keys) };
  }
  if (random.chance(0.2)) {
    const given = random.pick(world[target])["id"];
    return { name, value: String(given), holds: (row) => (keyOf(row) === null ? null : keyOf(row) === given) };
  }
  const inner = objectMembers(deeper(making), target);
  return {
    name,
    value: `{ ${inner.map(written).join(", ")} }`,
    holds: (row) => all(inner.map((each) => each.holds(row?.[name] ?? null))),
  };
}

const inKeys = (key: number | null, keys: readonly (number | null)[]): Truth => {
  if (keys.length === 0) return false;
  if (key === null) return null;
  return keys.includes(key) ? true : keys.includes(null) ? null : false;
};

/** A query of keys, whole or the first few of an order. */
function subQuery(making: Making, target: ModelName): { code: string; keys: number[] } {
  const { random, world } = making;
  const inner = condition(deeper(making), target);
  let rows = world[target].filter((row) => inner.holds(row) === true);
  let code = `${target}.objects.filter(${inner.code})`;
  if (random.chance(0.3)) {
    code += `.orderBy("-id").slice(0, 2)`;
    rows = rows.sort((left, right) => right["id"] - left["id"]).slice(0, 2);
  }
  return { code, keys: rows.map((row) => row["id"]) };
}

/** A to-many relation: one related row for which all of it holds, or none. */
function toMany(making: Making, { name, far, isOne }: { name: string; far: ModelName; isOne: boolean }): Member {
  const { random } = making;
  const rowsOf = (row: PlainRow | null): PlainRow[] => (row === null ? [] : isOne ? [row[name]].filter(Boolean) : row[name]);
  if (random.chance(0.25)) {
    const isNone = random.chance(0.5);
    return {
      name,
      value: isNone ? random.pick(["null", "{ isNull: true }"]) : "{ isNull: false }",
      holds: (row) => (rowsOf(row).length === 0) === isNone,
    };
  }
  if (random.chance(0.2)) {
    const { code, keys } = subQuery(making, far);
    return { name, value: `{ in: ${code} }`, holds: (row) => rowsOf(row).some((each) => keys.includes(each["id"])) };
  }
  const inner = objectMembers(deeper(making), far);
  return {
    name,
    value: `{ ${inner.map(written).join(", ")} }`,
    holds: (row) => rowsOf(row).some((each) => all(inner.map((part) => part.holds(each))) === true),
  };
}

/** What makes conditions begins with. */
export function making(random: Random, world: World): Making {
  return { random, world, depth: 2, inner: (outer, model) => condition(deeper(outer), model) };
}
