import { making as begin } from "./conditions.ts";
import { aggregate, column, computed } from "./expressions.ts";
import { type Kind, type ModelName, shapes } from "./fuzz-models.ts";
import type { Making } from "./making.ts";
import { deletionCase, groupSliceCase, loadCase, pagesCase, subQueryCase, valuesCase } from "./more-cases.ts";
import { Random } from "./random.ts";
import { columnTerms, key, narrowing, ordering, reversal, slice, type Step } from "./steps.ts";
import { orderNulls } from "./values.ts";
import type { PlainRow, World } from "./world.ts";

/** What is asked at the end: its source behind the query, and the answer. */
export interface Ending {
  readonly code: string;
  /** A function that is called with the query. */
  readonly wrap?: string;
  readonly expected: (rows: PlainRow[]) => unknown;
  /** Whether the order of the answer is part of it. */
  readonly ordered: boolean;
}

/** A query of one model. */
export interface Case {
  readonly model: ModelName;
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

export function sourceOf({ model, steps, ending }: Case): string {
  const query = `${model}.objects${steps.map(({ code }) => code).join("")}${ending.code}`;
  return ending.wrap === undefined ? query : `${ending.wrap}(${query})`;
}

export function expectedOf({ model, steps, ending }: Case, world: World): unknown {
  return ending.expected(steps.reduce((rows, step) => step.apply(rows), [...world[model]]));
}

/** The query of a seed. */
export function makeCase(seed: number, world: World): Case {
  const random = new Random(seed);
  const making = begin(random, world);
  const model = random.pick(["Coffee", "Coffee", "Coffee", "Roaster", "Reserve", "Review", "Tag", "Profile"] as const);
  return random.pick(makers)(making, model);
}

/** How rows are asked for. */
function rowsEnding(random: Random): Ending {
  const ids = (rows: PlainRow[]) => rows.map((row) => row["id"]);
  return random.pick<Ending>([
    { code: `.valuesList("id", { flat: true })`, expected: ids, ordered: true },
    { code: ".then((rows) => rows.map((row) => row.id))", expected: ids, ordered: true },
    { code: ".count()", expected: (rows) => rows.length, ordered: true },
    { code: ".exists()", expected: (rows) => rows.length > 0, ordered: true },
    { code: ".first().then((row) => row?.id ?? null)", expected: (rows) => rows[0]?.["id"] ?? null, ordered: true },
    { code: ".inBulk().then((rows) => [...rows.keys()])", expected: ids, ordered: true },
  ]);
}

function rowsCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const steps = [
    ...narrowing(making, model, 3),
    ...(random.chance(0.15) ? [{ code: ".distinct()", apply: (rows: PlainRow[]) => rows, smaller: [] }] : []),
    ordering(random, columnTerms(random, model), key),
    ...reversal(random),
    ...slice(random),
  ];
  return { model, steps, ending: rowsEnding(random) };
}

/** Rows with values beside them, which keep what they are. */
function withValues(row: PlainRow, values: Record<string, unknown>): PlainRow {
  return Object.assign(Object.create(row) as PlainRow, values);
}

function annotatedCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const made = Array.from({ length: 1 + random.below(3) }, (_, i) => ({ name: `v${i}`, ...computed(making, model) }));
  const annotate: Step = {
    code: `.annotate((c) => ({ ${made.map(({ name, code }) => `${name}: ${code}`).join(", ")} }))`,
    apply: (rows) => rows.map((row) => withValues(row, Object.fromEntries(made.map(({ name, value }) => [name, value(row)])))),
    smaller: [],
    needed: true,
  };
  const terms = made.map(({ name, kind }) => ({ name, kind, value: (row: PlainRow) => row[name] }));
  const filters = random.chance(0.5) ? [valueFilter(random, made)] : [];
  const steps = [
    ...narrowing(making, model),
    annotate,
    ...filters,
    ...narrowing(making, model, 1),
    ordering(random, terms, key),
    ...slice(random),
  ];
  const names = ["id", ...made.map(({ name }) => name)];
  const expected = (rows: PlainRow[]) => rows.map((row) => names.map((name) => row[name]));
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  const ending = random.pick<Ending>([
    { code: `.valuesList(${list})`, expected, ordered: true },
    { code: `.then((rows) => rows.map((row) => [${names.map((name) => `row.${name}`).join(", ")}]))`, expected, ordered: true },
    { code: ".count()", expected: (rows) => rows.length, ordered: true },
  ]);
  return { model, steps, ending };
}

/** A filter by what was computed. */
function valueFilter(random: Random, made: readonly { name: string; kind: Kind }[]): Step {
  const { name, kind } = random.pick(made);
  const given = kind === "text" ? "a" : random.below(4);
  const [lookup, test] = random.pick<readonly [string, (sign: number) => boolean]>([
    ["gt", (sign) => sign > 0],
    ["lte", (sign) => sign <= 0],
    ["eq", (sign) => sign === 0],
  ]);
  const written = kind === "decimal" ? JSON.stringify(`${given}.00`) : JSON.stringify(given);
  const negated = random.chance(0.3);
  const holds = (row: PlainRow) => row[name] !== null && test(orderNulls(row[name], given, kind));
  return {
    code: `.${negated ? "exclude" : "filter"}({ ${name}: { ${lookup}: ${written} } })`,
    apply: (rows) => rows.filter((row) => holds(row) !== negated),
    smaller: [],
  };
}

/** Groups of rows, filtered before and after. */
function groupCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const by = columnTerms(random, model).filter((term, i, terms) => terms.findIndex(({ name }) => name === term.name) === i);
  const numbers = Array.from({ length: 2 }, () => column(random, model, "int")!);
  const aggregates = numbers.map((number, i) => {
    const { code, kind, value } = aggregate(random, "int");
    return { name: `a${i}`, code: `${number.code}.${code}`, kind, value: (rows: PlainRow[]) => value(rows.map(number.value)) };
  });
  aggregates.push({ name: "n", code: "count()", kind: "int", value: (rows) => rows.length });
  const group: Step = {
    code: `.values(${by.map(({ name }) => JSON.stringify(name)).join(", ")}).annotate((c) => ({ ${aggregates.map(({ name, code }) => `${name}: ${code}`).join(", ")} }))`,
    apply: (rows) =>
      [...Map.groupBy(rows, (row) => JSON.stringify(by.map(({ value }) => value(row)))).values()].map((members) => ({
        ...Object.fromEntries(by.map(({ name, value }) => [name, value(members[0]!)])),
        ...Object.fromEntries(aggregates.map(({ name, value }) => [name, value(members)])),
      })),
    smaller: [],
    needed: true,
  };
  const having = random.chance(0.5) ? [valueFilter(random, aggregates)] : [];
  const steps = [...narrowing(making, model), group, ...having];
  const ending = random.pick<Ending>([
    { code: "", expected: (rows) => rows, ordered: false },
    { code: ".count()", expected: (rows) => rows.length, ordered: true },
  ]);
  return { model, steps, ending };
}

/** Sums over the rows of a query, sliced or not. */
function totalCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const numbers = Array.from(
    { length: 2 },
    () => column(random, model, random.pick(["int", "decimal"] as const)) ?? column(random, model, "int")!,
  );
  const made = numbers.map((number, i) => ({ name: `t${i}`, number, ...aggregate(random, number.kind) }));
  const steps = [...narrowing(making, model), ordering(random, columnTerms(random, model), key), ...slice(random)];
  const code = made.map(({ name, number, code: call }) => `${name}: ${number.code}.${call}`).join(", ");
  return {
    model,
    steps,
    ending: {
      code: `.aggregate((c) => ({ ${code} }))`,
      expected: (rows) => Object.fromEntries(made.map(({ name, number, value }) => [name, value(rows.map(number.value))])),
      ordered: true,
    },
  };
}

/** Unions, intersections and differences, narrowed again. */
function combinedCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const inner = narrowing(making, model, 2);
  const method = random.pick(["union", "intersection", "difference"] as const);
  const before = narrowing(making, model);
  const combine: Step = {
    code: `.${method}(${model}.objects.all()${inner.map(({ code }) => code).join("")})`,
    apply: (rows) => {
      const other = inner.reduce((left, step) => step.apply(left), [...making.world[model]]);
      if (method === "union") return [...new Set([...rows, ...other])];
      return rows.filter((row) => other.includes(row) === (method === "intersection"));
    },
    smaller: [],
    needed: true,
  };
  const steps = [
    ...before,
    combine,
    ...narrowing(making, model, 1),
    ordering(random, columnTerms(random, model), key),
    ...slice(random),
  ];
  return { model, steps, ending: rowsEnding(random) };
}

/** An update or a deletion: how many rows it says, and which ones are others afterwards. The caller takes it back. */
function writeCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const isDeletion = model === "Review" && random.chance(0.5);
  const field = Object.entries(shapes[model].columns).find(([name, kind]) => kind === "int" && !/[iI]d$/.test(name))![0];
  const [left] = [column(random, model, "int")!];
  const ids = (rows: PlainRow[]) => rows.map((row) => row["id"]).toSorted((a, b) => a - b);
  if (isDeletion)
    return {
      model,
      steps: narrowing(making, model),
      ending: { code: ".delete()", expected: (rows) => rows.length, ordered: true },
    };
  const isComputed = random.chance(0.5);
  return {
    model,
    steps: narrowing(making, model),
    ending: {
      code: `.update(${isComputed ? `(c) => ({ ${field}: coalesce(${left.code}, 0).add(1000) })` : `{ ${field}: 1000 }`}).then(async (n) => [n, await ${model}.objects.filter({ ${field}: { gte: 500 } }).orderBy("id").valuesList("id", "${field}")])`,
      expected: (rows) => [
        rows.length,
        ids(rows).map((id) => {
          const row = rows.find((each) => each["id"] === id)!;
          return [id, isComputed ? (left.value(row) ?? 0) + 1000 : 1000];
        }),
      ],
      ordered: true,
    },
  };
}

const makers: readonly ((making: Making, model: ModelName) => Case)[] = [
  rowsCase,
  rowsCase,
  rowsCase,
  annotatedCase,
  annotatedCase,
  groupCase,
  totalCase,
  combinedCase,
  writeCase,
  pagesCase,
  loadCase,
  subQueryCase,
  groupSliceCase,
  deletionCase,
  valuesCase,
];
