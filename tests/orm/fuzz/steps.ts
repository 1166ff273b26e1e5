import { condition } from "./conditions.ts";
import { column } from "./expressions.ts";
import type { Kind, ModelName } from "./fuzz-models.ts";
import type { Condition, Making } from "./making.ts";
import type { Random } from "./random.ts";
import { all, orderNulls } from "./values.ts";
import type { PlainRow } from "./world.ts";

/** One method of a query, and what it makes of the rows. */
export interface Step {
  readonly code: string;
  readonly apply: (rows: PlainRow[]) => PlainRow[];
  /** Smaller steps, for a failure's smallest query. */
  readonly smaller: readonly Step[];
  /** Whether the query means the same kind of thing without it. */
  readonly needed?: boolean;
}

/** `.filter(…)` and `.exclude(…)`, some of them with several conditions. */
export function narrowing(making: Making, model: ModelName, most = 2): Step[] {
  const { random } = making;
  return Array.from({ length: random.below(most + 1) }, () => {
    const method = random.pick(["filter", "filter", "exclude"] as const);
    const parts = Array.from({ length: random.chance(0.15) ? 2 : 1 }, () => condition(making, model));
    return narrowed(method, parts);
  });
}

function narrowed(method: "filter" | "exclude", parts: readonly Condition[]): Step {
  const keeps = (row: PlainRow) =>
    method === "filter" ? all(parts.map((part) => part.holds(row))) === true : parts.every((part) => part.holds(row) !== true);
  const smaller = parts.flatMap((part, at) => [
    ...(parts.length > 1 ? [narrowed(method, [part])] : []),
    ...part.parts.map((inner) => narrowed(method, parts.with(at, inner))),
  ]);
  return { code: `.${method}(${parts.map(({ code }) => code).join(", ")})`, apply: (rows) => rows.filter(keeps), smaller };
}

export interface Term {
  readonly name: string;
  readonly kind: Kind;
  readonly value: (row: PlainRow) => unknown;
}

/** An order without ties: the last term is the key. */
export function ordering(random: Random, terms: readonly Term[], last: Term): Step {
  const chosen = [...random.some(terms, random.below(3)), last].map((term) => ({
    ...term,
    descending: random.chance(0.5),
    nulls: last.name !== "pk" && random.chance(0.25) ? random.pick(["first", "last"] as const) : undefined,
  }));
  const code = chosen.map(({ name, descending, nulls }) => {
    if (nulls === undefined) return JSON.stringify(`${descending ? "-" : ""}${name}`);
    return `(c) => c.${name}.${descending ? "desc" : "asc"}({ nulls: "${nulls}" })`;
  });
  const compare = (left: PlainRow, right: PlainRow) => {
    for (const { value, kind, descending, nulls } of chosen) {
      const [a, b] = [value(left), value(right)];
      if (nulls !== undefined && (a === null) !== (b === null)) return (a === null) === (nulls === "first") ? -1 : 1;
      const sign = orderNulls(a, b, kind);
      if (sign !== 0) return descending ? -sign : sign;
    }
    return 0;
  };
  return { code: `.orderBy(${code.join(", ")})`, apply: (rows) => rows.toSorted(compare), smaller: [], needed: true };
}

export function reversal(random: Random): Step[] {
  return random.chance(0.1) ? [{ code: ".reverse()", apply: (rows) => rows.toReversed(), smaller: [] }] : [];
}

export function slice(random: Random): Step[] {
  if (random.chance(0.6)) return [];
  const start = random.below(4);
  const end = random.chance(0.2) ? undefined : start + random.below(6);
  return [
    { code: `.slice(${start}${end === undefined ? "" : `, ${end}`})`, apply: (rows) => rows.slice(start, end), smaller: [] },
  ];
}

export const key: Term = { name: "id", kind: "int", value: (row) => row["id"] };

export function columnTerms(random: Random, model: ModelName): Term[] {
  return Array.from({ length: 3 }, () => {
    const { code, kind, value } = column(random, model)!;
    return { name: code.slice(2), kind, value };
  }).filter((term) => term.kind !== "bool" || !term.name.includes("."));
}
