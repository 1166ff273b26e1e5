import { type Kind, type ModelName, shapes } from "./fuzz-models.ts";
import { comparison } from "./lookups.ts";
import type { Condition, Making } from "./making.ts";
import type { Random } from "./random.ts";
import { all, any, order, type Truth } from "./values.ts";
import { type PlainRow, pool } from "./world.ts";

/** A value that the database computes: its source in a function of `c`, its kind, and what it is for a row. */
export interface Computed {
  readonly code: string;
  readonly kind: Kind;
  readonly value: (row: PlainRow) => any;
}

/** A column, of the row itself or behind to-one relations. */
export function column(random: Random, model: ModelName, wanted?: Kind): Computed | undefined {
  const { columns, one, reverseOne } = shapes[model];
  const steps = Object.entries({ ...one, ...reverseOne });
  if (steps.length > 0 && random.chance(0.3)) {
    const [name, target] = random.pick(steps);
    const behind = column(random, target, wanted);
    if (behind !== undefined)
      return {
        ...behind,
        code: behind.code.replace(/^c/, `c.${name}`),
        value: (row) => (row[name] === null ? null : behind.value(row[name])),
      };
  }
  const found = Object.entries(columns).filter(([, kind]) => wanted === undefined || kind === wanted);
  if (found.length === 0) return undefined;
  const [name, kind] = random.pick(found);
  return { code: `c.${name}`, kind, value: (row) => row[name] };
}

/** An aggregate over a to-many relation. */
function related(making: Making, model: ModelName): Computed | undefined {
  const { random } = making;
  const many = Object.entries(shapes[model].many);
  if (many.length === 0) return undefined;
  const [name, far] = random.pick(many);
  const isFiltered = making.depth > 0 && random.chance(0.4);
  const inner = isFiltered ? making.inner(making, far) : undefined;
  const code = `c.${name}${inner === undefined ? "" : `.filter(${inner.code})`}`;
  const rows = (row: PlainRow): PlainRow[] =>
    row[name].filter((each: PlainRow) => inner === undefined || inner.holds(each) === true);
  if (random.chance(0.3)) return { code: `${code}.count()`, kind: "int", value: (row) => rows(row).length };
  const { name: field, kind } = random.pick(
    Object.entries(shapes[far].columns)
      .map(([each, its]) => ({ name: each, kind: its }))
      .filter((each) => each.kind === "int" || each.kind === "decimal"),
  );
  const write = aggregate(random, kind);
  return {
    code: `${code}.${field}.${write.code}`,
    kind: write.kind,
    value: (row) => write.value(rows(row).map((each) => each[field])),
  };
}

const present = (values: readonly any[]): any[] => values.filter((value) => value !== null);

export interface Aggregate {
  readonly code: string;
  readonly kind: Kind;
  readonly value: (values: readonly any[]) => any;
}

/** An aggregate over a column of numbers. */
export function aggregate(random: Random, kind: Kind): Aggregate {
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  const total = (values: readonly any[]) => round(values.reduce((sum, value) => sum + Number(value), 0));
  const filled = (values: readonly any[], make: (values: readonly any[]) => any) => (values.length === 0 ? null : make(values));
  const extreme = (sign: number) => (values: readonly any[]) =>
    filled(present(values), (all) => all.reduce((best, value) => (order(value, best, kind) * sign > 0 ? value : best)));
  const distinct = (values: readonly any[]) => [...new Set(present(values))];
  return random.pick<Aggregate>([
    { code: "sum()", kind, value: (values) => filled(present(values), total) },
    { code: "sum({ default: 0 })", kind, value: (values) => filled(present(values), total) ?? 0 },
    { code: "sum({ distinct: true })", kind, value: (values) => filled(distinct(values), total) },
    { code: "avg()", kind, value: (values) => filled(present(values), (all) => round(total(all) / all.length)) },
    { code: "min()", kind, value: extreme(-1) },
    { code: "max()", kind, value: extreme(1) },
    { code: "count()", kind: "int", value: (values) => present(values).length },
    { code: "count({ distinct: true })", kind: "int", value: (values) => distinct(values).length },
  ]);
}

/** A value made of columns: arithmetic, coalesce, case, text functions. */
export function computed(making: Making, model: ModelName): Computed {
  const { random } = making;
  if (random.chance(0.35)) {
    const found = related(making, model);
    if (found !== undefined) return found;
  }
  const number = () => column(random, model, "int")!;
  const text = column(random, model, "text") ?? number();
  const given = random.pick(pool.int) as number;
  const known = (value: any, make: (value: any) => any) => (value === null ? null : make(value));
  const [left, right] = [number(), number()];
  const when = making.depth > 0 ? making.inner(making, model) : undefined;
  const choices: Computed[] = [
    left,
    { ...left, code: `${left.code}.add(${given})`, value: (row) => known(left.value(row), (value) => value + given) },
    {
      ...left,
      code: `${left.code}.mul(${right.code})`,
      value: (row) => known(left.value(row), (value) => known(right.value(row), (other) => value * other || 0)),
    },
    { ...left, code: `coalesce(${left.code}, ${given})`, value: (row) => left.value(row) ?? given },
    {
      ...left,
      code: `nullIf(${left.code}, ${given})`,
      value: (row) => (left.value(row) === given ? null : left.value(row)),
    },
    {
      ...left,
      code: `greatest(${left.code}, ${right.code})`,
      value: (row) => present([left.value(row), right.value(row)]).reduce((a, b) => (a === null ? b : Math.max(a, b)), null),
    },
  ];
  if (text.kind === "text")
    choices.push(
      { code: `length(${text.code})`, kind: "int", value: (row) => known(text.value(row), (value) => value.length) },
      { code: `upper(${text.code})`, kind: "text", value: (row) => known(text.value(row), (value) => value.toUpperCase()) },
      {
        code: `concat(${text.code}, "-", ${text.code})`,
        kind: "text",
        value: (row) => `${text.value(row) ?? ""}-${text.value(row) ?? ""}`,
      },
      { code: `${text.code}.slice(1, 3)`, kind: "text", value: (row) => known(text.value(row), (value) => value.slice(1, 3)) },
    );
  if (when !== undefined)
    choices.push({
      ...left,
      code: `caseWhen([when(${when.code}, ${left.code})], ${given})`,
      value: (row) => (when.holds(row) === true ? left.value(row) : given),
    });
  return random.pick(choices);
}

/** A condition as a function of the row. */
export function expressionCondition(making: Making, model: ModelName): Condition {
  const { code, holds } = truth(making, model);
  return { code: `(c) => ${code}`, holds, parts: [] };
}

interface TruthCode {
  readonly code: string;
  readonly holds: (row: PlainRow) => Truth;
}

function truth(making: Making, model: ModelName): TruthCode {
  const { random, depth } = making;
  if (depth > 0 && random.chance(0.3)) {
    const inner = { ...making, depth: depth - 1 };
    const [left, right] = [truth(inner, model), truth(inner, model)];
    return random.pick<TruthCode>([
      { code: `${left.code}.and(${right.code})`, holds: (row) => all([left.holds(row), right.holds(row)]) },
      { code: `${left.code}.or(${right.code})`, holds: (row) => any([left.holds(row), right.holds(row)]) },
      { code: `${left.code}.xor(${right.code})`, holds: (row) => (left.holds(row) === true) !== (right.holds(row) === true) },
      { code: `${left.code}.not()`, holds: (row) => left.holds(row) !== true },
    ]);
  }
  if (random.chance(0.2)) {
    const found = existence(making, model);
    if (found !== undefined) return found;
  }
  return compared(making, model);
}

/** Whether there are related rows, asked in two ways. */
function existence(making: Making, model: ModelName): TruthCode | undefined {
  const { random, world } = making;
  const many = Object.entries(shapes[model].many);
  if (model === "Coffee" && random.chance(0.5)) {
    const inner = making.inner(making, "Review");
    return {
      code: `exists(Review.objects.filter({ coffee: outerRef(c.id) }, ${inner.code}))`,
      holds: (row) => world.Review.some((review) => review["coffeeId"] === row["id"] && inner.holds(review) === true),
    };
  }
  if (many.length === 0) return undefined;
  const [name] = random.pick(many);
  return { code: `c.${name}.exists()`, holds: (row) => row[name].length > 0 };
}

function compared(making: Making, model: ModelName): TruthCode {
  const { random } = making;
  const left = computed(making, model);
  if (left.kind === "int" && random.chance(0.4)) {
    const right = computed(making, model);
    if (right.kind === "int") return between(random, left, right);
  }
  // A method of an expression takes no lookups of lookups.
  const found = Array.from({ length: 20 }, () => comparison(random, left.kind)).find(({ code }) => !/: \{/.test(code))!;
  const inner = /^\{ (\w+): (.*) \}$/.exec(found.code);
  const [name, given] = inner === null ? ["eq", found.code] : [inner[1]!, inner[2]!];
  const isNone = name === "eq" && given === "null";
  return {
    code: isNone ? `${left.code}.isNull()` : `${left.code}.lookup(${JSON.stringify(name)}, ${given})`,
    holds: (row) => found.holds(left.value(row)),
  };
}

function between(random: Random, left: Computed, right: Computed): TruthCode {
  const [name, test] = random.pick<readonly [string, (left: number, right: number) => boolean]>([
    ["eq", (a, b) => a === b],
    ["gt", (a, b) => a > b],
    ["lte", (a, b) => a <= b],
  ]);
  return {
    code: `${left.code}.${name}(${right.code})`,
    holds: (row) => {
      const [a, b] = [left.value(row), right.value(row)];
      return a === null || b === null ? null : test(a, b);
    },
  };
}
