// The guides: the files that they show in parts make one project, which type-checks, migrates and passes its own tests.
import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { blocksOf, type DocBlock, root } from "./doc-blocks.ts";
import { DocProject } from "./doc-project.ts";
import { doorSource, exampleModule } from "./example-modules.ts";

const guides = globSync("docs/guides/*.md", { cwd: root }).sort();
/** Pages whose snippets name models, engines and sources that are not there: they are type-checked alone. */
const aboutModels = /serving|calling-models|model-|running-models|protocols|runtimes|operating-models/;
const moduleName = ({ place }: DocBlock) => `snippets/${place.replace(/^docs\/guides\//, "").replace(/\W+/g, "-")}.ts`;

/** The blocks that are no files, each with what the blocks above it on its page import and declare. */
function snippetsOf(page: string): { name: string; text: string }[] {
  const loose = blocksOf(page).filter(({ language, file }) => language === "ts" && !file);
  let above = "";
  return loose.map((block) => {
    const text = `${above}${block.text}`;
    above += [...block.text.matchAll(/^import [^;]*;\n/gm)].map(([line]) => line).join("");
    return { name: moduleName(block), text };
  });
}

/** A name may be imported by two blocks of a page; the module wants it once. */
function withoutRepeats(text: string): string {
  const seen = new Set<string>();
  return text.replace(/^import \{ ([^}]*) \} from "([^"]*)";\n/gm, (_line, names: string, from: string) => {
    const fresh = names.split(", ").filter((name) => !seen.has(name) && seen.add(name));
    return fresh.length > 0 ? `import { ${fresh.join(", ")} } from "${from}";\n` : "";
  });
}

/** A program that migrates the project forth and back, runs snippets in it, and trains the model of the guide. */
function program(names: readonly string[]): string {
  const calls = names.map((name) => `await (await import("./${name}")).example();`);
  return `import { migrateTables, openProject, openTables } from "cortado";
import { startRun, waitForRun } from "cortado/registry";
import config from "./cortado.config.ts";
import { Coffee, Roaster } from "./shop/models.ts";
import { icePrice } from "./shop/trainers.ts";

const tables = await openTables(config);
for (const options of [{}, { app: "shop", target: "zero" }, {}]) await migrateTables(tables, options);
await tables.close();

const project = await openProject(config);
await Roaster.objects.create({ name: "Fritz", country: "KR" });
await Coffee.objects.create({ name: "Espresso", price: 3000 });
await Coffee.objects.create({ name: "Latte", price: 4500 });
${calls.join("\n")}
await Coffee.objects.all().delete();
await Coffee.objects.bulkCreate([{ name: "a", price: 4000 }, { name: "b", price: 4500, isIce: true }]);
const run = await waitForRun(await startRun(project.services, "ice-price", {}));
const { price } = await icePrice.predict({ isIce: true });
await project.close();
console.log(JSON.stringify({ ran: ${names.length}, version: run.version, price }));
`;
}

describe("the guides", () => {
  const files = guides.flatMap(blocksOf).filter(({ file }) => file);
  let project: DocProject;

  before(async () => {
    project = await DocProject.create();
    for (const { file, text } of files) project.write(file!, text);
    project.remove("shop/migrations/0002_free_is_a_mistake.ts");
    await project.cortado("makemigrations");
    for (const { file, text } of files) if (file!.includes("/migrations/")) project.write(file!, text);
    for (const page of guides) {
      for (const { name, text } of snippetsOf(page))
        project.write(name, exampleModule(withoutRepeats(text), [doorSource("cortado")]));
    }
  });
  after(() => project?.remove());

  test("no file is shown twice", () => {
    const names = files.map(({ file }) => file);
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
  });

  test("their code type-checks", async () => {
    await project.typeCheck();
  });

  test("their project migrates forth and back, their snippets run, and their trainer trains", async () => {
    const names = guides.flatMap((page) => snippetsOf(page).map(({ name }) => name)).filter((name) => !aboutModels.test(name));
    project.write("program.ts", program(names));
    const told = JSON.parse((await project.node("program.ts")).trim().split("\n").at(-1)!);
    assert.deepEqual([told.ran, told.version], [names.length, "1"]);
    assert.ok(Math.abs(told.price - 4500) < 1, `${told.price}`);
  });

  test("their project's checks find nothing", async () => {
    assert.match(await project.cortado("check"), /Nothing to mend/);
  });

  test("the tests that they show pass", async () => {
    await project.node("--test", "shop/tests/shop.test.ts", "shop/tests/templates.test.ts");
  });

  test("the page of the commands has every command, and nothing that --help does not say", async () => {
    const page = readFileSync(join(root, "docs/reference/commands.md"), "utf8");
    const listed = [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name!);
    const files = readdirSync(join(root, "src/cli/commands")).map((file) => file.replace(".ts", "").replaceAll("-", " "));
    assert.deepEqual(listed.toSorted(), files.toSorted());
    const overview = await project.cortado("--help");
    // A command's own commands are told by its own help.
    const first = listed.filter((name) => !name.includes(" "));
    assert.deepEqual(first, [...overview.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name)); // oxfmt-ignore
  });
});
