import { type Fixture, referenced } from "./fixture.ts";

/** One file a model, twelve values, three relations that make cycles, and three ways back. */
function modelFile(i: number, { models }: Fixture): string {
  const { to, from } = referenced(i, models);
  const others = [...new Set([...to, ...from])].map((n) => `import { M${n} } from "./m${n}.ts";`);
  return `import { boolean, char, dateTime, decimal, foreignKey, integer, manager, Model, related, text } from "cortado/orm";
${others.join("\n")}

export class M${i} extends Model({
  s1: char({ maxLength: 30 }), s2: char({ maxLength: 30, null: true }), s3: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" } }), s4: text({ default: "" }),
  n1: integer(), n2: integer({ null: true }), n3: integer({ default: 0 }),
  b1: boolean({ default: false }), b2: boolean({ default: true }),
  d1: decimal({ maxDigits: 8, decimalPlaces: 2 }), t1: dateTime({ autoNowAdd: true }), t2: dateTime({ null: true }),
  a: () => foreignKey(M${to[0]}, { onDelete: "cascade" }),
  b: () => foreignKey(M${to[1]}, { onDelete: "setNull", null: true }),
  c: () => foreignKey(M${to[2]}, { onDelete: "protect" }),
  ra: () => related(M${from[0]}, "a"),
  rb: () => related(M${from[1]}, "b"),
  rc: () => related(M${from[2]}, "c"),
}, { ordering: ["-n1"] }) {
  static objects = manager(this);
  label() { return \`\${this.s1} \${this.n1}\`; }
}
`;
}

function query(i: number, { models }: Fixture): string {
  const model = `M${i % models}`;
  switch (i % 3) {
    case 0:
      return `export async function q${i}() {
  const rows = await ${model}.objects.filter({ s1: { icontains: "x" }, a: { n1: { gte: ${i} }, b: { s2: "y" } } }).exclude({ b1: true }).orderBy("-n1", "s1").values("id", "s1", "n1");
  return rows.map((row): string => row.s1 + row.n1.toFixed());
}`;
    case 1:
      return `export async function q${i}() {
  const rows = await ${model}.objects.filter({ c: { s3: "KR", n3: { lt: ${i} } } }).with("a", "b");
  return rows.map((row): string => row.a.label() + (row.b?.s1 ?? ""));
}`;
    default:
      return `export async function q${i}() {
  const rows = await ${model}.objects.filter({ n1: { range: [1, ${i + 1}] } }).annotate((m) => ({ n: m.ra.count(), mean: m.rb.n1.avg() })).filter((m) => m.n.gt(3));
  return rows.map((row): number => row.n + (row.mean ?? 0) + row.n1);
}`;
  }
}

/** The files of a project with so many models and queries. */
export function cortadoFiles(fixture: Fixture): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < fixture.models; i++) files[`m${i}.ts`] = modelFile(i, fixture);
  const imports = Array.from({ length: fixture.models }, (_, i) => `import { M${i} } from "./m${i}.ts";`);
  const queries = Array.from({ length: fixture.queries }, (_, i) => query(i, fixture));
  files["queries.ts"] = [...imports, ...queries].join("\n");
  return files;
}
