import type { Case } from "./cases.ts";
import { column } from "./expressions.ts";
import { type ModelName, shapes } from "./fuzz-models.ts";
import type { Making } from "./making.ts";
import { columnTerms, key, narrowing, ordering, type Step } from "./steps.ts";
import { orderNulls } from "./values.ts";
import type { PlainRow, World } from "./world.ts";

const ids = (rows: readonly PlainRow[]): number[] => rows.map((row) => row["id"]);
const sortedIds = (rows: readonly PlainRow[]): number[] => ids(rows).toSorted((a, b) => a - b);

/** All pages of a query, one after the other, forwards. */
export function pagesCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const size = 2 + random.below(4);
  // Pages go by columns of the row itself.
  const terms = columnTerms(random, model).filter((term) => !term.name.includes("."));
  // Named by its alias, the key says that all terms are names.
  const order = ordering(random, terms, { ...key, name: "pk" });
  const pages = `(async (query) => { const found = []; let page = await query.page({ size: ${size} }); for (;;) { found.push(page.rows.map((row) => row.id)); if (!page.next) return found; page = await query.page({ size: ${size}, after: page.next }); } })`;
  return {
    model,
    steps: [...narrowing(making, model), order],
    ending: {
      wrap: pages,
      code: "",
      expected: (rows) =>
        rows.length === 0
          ? [[]]
          : Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => ids(rows.slice(i * size, (i + 1) * size))),
      ordered: true,
    },
  };
}

/** Rows with their relations: to-one joined, to-many by a query of their own, narrowed and sliced for each row. */
export function loadCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const many = Object.entries(shapes[model].many);
  const one = Object.keys(shapes[model].one);
  const [name, far] = many.length > 0 ? random.pick(many) : [undefined, undefined];
  const inner = far === undefined ? [] : narrowing(making, far, 1);
  const last = random.chance(0.5) ? 1 + random.below(2) : undefined;
  const loads = [
    ...one.map((each) => JSON.stringify(each)),
    ...(name === undefined
      ? []
      : [
          `{ ${name}: ${far}.objects.all()${inner.map(({ code }) => code).join("")}.orderBy("-id")${last === undefined ? "" : `.slice(0, ${last})`} }`,
        ]),
  ];
  const related = (row: PlainRow): number[] =>
    name === undefined
      ? []
      : ids(
          inner
            .reduce((rows, step) => step.apply(rows), [...(row[name] as PlainRow[])])
            .toSorted((a, b) => b["id"] - a["id"])
            .slice(0, last),
        );
  return {
    model,
    steps: [...narrowing(making, model), ordering(random, columnTerms(random, model), key)],
    ending: {
      code: `.with(${loads.join(", ")}).then((rows) => rows.map((row) => [row.id, ${one.map((each) => `row.${each}?.id ?? null, `).join("")}${name === undefined ? "[]" : `row.${name}.rows.map((each) => each.id)`}]))`,
      expected: (rows) => rows.map((row) => [row["id"], ...one.map((each) => row[each]?.["id"] ?? null), related(row)]),
      ordered: true,
    },
  };
}

/** A value of the first related row, by a sub-query, and the row's place among those of its group. */
export function subQueryCase(making: Making): Case {
  const { random, world } = making;
  const inner = narrowing(making, "Review", 1);
  const narrowed = (row: PlainRow) =>
    inner.reduce(
      (rows, step) => step.apply(rows),
      world.Review.filter((review) => review["coffeeId"] === row["id"]),
    );
  const stars = (row: PlainRow) => narrowed(row).toSorted((a, b) => b["id"] - a["id"])[0]?.["stars"] ?? null;
  const annotate: Step = {
    code: `.annotate((c) => ({ latest: subquery(Review.objects.filter({ coffee: outerRef(c.id) })${inner.map(({ code }) => code).join("")}.orderBy("-id").values("stars").slice(0, 1)), place: window(rowNumber(), { partitionBy: c.roasterId, orderBy: c.id }) }))`,
    apply: (rows) =>
      rows.map((row) =>
        Object.assign(Object.create(row) as PlainRow, {
          latest: stars(row),
          place: rows.filter((each) => each["roasterId"] === row["roasterId"] && each["id"] <= row["id"]).length,
        }),
      ),
    smaller: [],
    needed: true,
  };
  const most = 1 + random.below(3);
  const filter: Step[] = random.chance(0.5)
    ? [{ code: `.filter({ place: { lte: ${most} } })`, apply: (rows) => rows.filter((row) => row["place"] <= most), smaller: [] }]
    : [];
  const order = ordering(random, [{ name: "latest", kind: "int", value: (row) => row["latest"] }], key);
  return {
    model: "Coffee",
    steps: [...narrowing(making, "Coffee", 1), annotate, ...filter, order],
    ending: {
      code: `.valuesList("id", "latest", "place")`,
      expected: (rows) => rows.map((row) => [row["id"], row["latest"], row["place"]]),
      ordered: true,
    },
  };
}

/** The first rows of each group, and one row for each value. */
export function groupSliceCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const groups = Object.keys(shapes[model].columns).filter((name) => name !== "id");
  const by = random.pick(groups);
  const end = 1 + random.below(3);
  const isFirst = random.chance(0.4);
  const order = ordering(random, [], key);
  const apply = (rows: PlainRow[]) => {
    const first = (members: PlainRow[]) => members.slice(0, isFirst ? 1 : end);
    const kept = new Set([...Map.groupBy(rows, (row) => row[by] as unknown).values()].flatMap(first));
    return rows.filter((row) => kept.has(row));
  };
  const code = isFirst ? `.distinct(${JSON.stringify(by)})` : `.sliceEach(${JSON.stringify(by)}, 0, ${end})`;
  return {
    model,
    steps: [...narrowing(making, model), order, { code, apply, smaller: [], needed: true }],
    ending: random.pick([
      { code: ".then((rows) => rows.map((row) => row.id).sort((a, b) => a - b))", expected: sortedIds, ordered: true },
      { code: ".count()", expected: (rows: PlainRow[]) => rows.length, ordered: true },
    ]),
  };
}

const counts = (): string =>
  `Promise.all([Roaster, Reserve, Profile, Tag, Coffee, Review].map((model) => model.objects.orderBy("id").valuesList("id", { flat: true })))`;

/** A deletion, and what is left of all tables. */
export function deletionCase(making: Making, model: ModelName): Case {
  return {
    model,
    steps: narrowing(making, model, 2),
    ending: { code: `.delete().then(() => ${counts()})`, expected: (rows) => left(making.world, model, rows), ordered: true },
  };
}

function left(world: World, model: ModelName, rows: readonly PlainRow[]): number[][] {
  const gone = new Set<PlainRow>(rows);
  const roasters = rows.map((row) => (model === "Reserve" ? world.Roaster.find(({ id }) => id === row["id"])! : row));
  for (const row of roasters) gone.add(row);
  for (const row of world.Reserve)
    if (roasters.some((roaster) => world.Roaster.includes(roaster) && roaster["id"] === row["id"])) gone.add(row);
  if (model === "Roaster" || model === "Reserve")
    for (const roaster of roasters)
      for (const row of [roaster["profile"], ...roaster["coffees"]]) if (row !== null) gone.add(row);
  for (const row of world.Review) if (gone.has(row["coffee"])) gone.add(row);
  return [world.Roaster, world.Reserve, world.Profile, world.Tag, world.Coffee, world.Review].map((all) =>
    ids(all.filter((row) => !gone.has(row))),
  );
}

/** One value of each row, once. */
export function valuesCase(making: Making, model: ModelName): Case {
  const { random } = making;
  const { code, value, kind } = column(random, model)!;
  const name = JSON.stringify(code.slice(2));
  const once = random.chance(0.6);
  return {
    model,
    steps: narrowing(making, model),
    ending: {
      code: `.values(${name})${once ? ".distinct()" : ""}.orderBy(${name}).then((rows) => rows.map((row) => row[${name}]))`,
      expected: (rows) => {
        const values = rows.map(value).toSorted((a, b) => orderNulls(a, b, kind));
        return once ? [...new Set(values)] : values;
      },
      ordered: true,
    },
  };
}
