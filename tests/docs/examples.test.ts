// The examples in the comments of public names, and the code in README.md: they type-check, and what says its result has it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { registerModels } from "cortado/orm";
import { blocksOf, root } from "./doc-blocks.ts";
import { commentExamples, type Example } from "./doc-comments.ts";
import { doorSource, exampleModule, fileSource, type NameSource, resultChecks } from "./example-modules.ts";
import { shop } from "./prelude.ts";

const packageExports = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports as object;
const doors = Object.keys(packageExports)
  .filter((door) => door !== "./package.json")
  .map((door) => doorSource(door.replace(".", "cortado")));
const kernel: NameSource = { ...doorSource("cortado/kernel"), specifier: "#kernel" };
const preludeText = readFileSync(join(import.meta.dirname, "prelude.ts"), "utf8");
const prelude = fileSource("../../tests/docs/prelude.ts", preludeText);
/** What of it there is at run time. */
const realPrelude = fileSource("../../tests/docs/prelude.ts", preludeText.replace(/^export declare .*$/gm, ""));

/** A layer's own door first, then the prelude, then the others. */
function sourcesFor(layer: string, given = prelude): NameSource[] {
  const own = [...doors, kernel].filter(
    ({ specifier }) => specifier === `cortado/${layer}` || specifier === `cortado/${layer}/migrations`,
  );
  return [...own, ...(layer === "kernel" ? [kernel] : []), given, ...doors];
}

/** Members of classes have no name of their own to look up; a name that no door has is the layer's own affair. */
function isPublic({ of, layer }: Example): boolean {
  if (of === undefined) return true;
  const own = sourcesFor(layer).filter((source) => source !== prelude);
  return own.some(({ names }) => names.has(of));
}

describe("examples", () => {
  const examples = commentExamples().filter(isPublic);
  let folder: string;
  const moduleOf = (example: Example) => `${example.place.replace(/^src\//, "").replace(/\W+/g, "-")}.ts`;

  before(() => {
    mkdirSync(join(root, "var"), { recursive: true });
    folder = mkdtempSync(join(root, "var/docs-examples-"));
    const compilerOptions = { noImplicitReturns: false };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"], exclude: [] }),
    );
    for (const example of examples)
      writeFileSync(join(folder, moduleOf(example)), exampleModule(example.text, sourcesFor(example.layer)));
    const readme = blocksOf("README.md").filter(({ language }) => language === "ts");
    writeFileSync(join(folder, "readme.ts"), exampleModule(readme.map(({ text }) => text).join("\n"), [prelude, ...doors]));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("those in comments and in README.md type-check", () => {
    const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
    const mistakes = tsc.stdout.split("\n").filter((line) => line.includes("docs-examples-"));
    assert.deepEqual(mistakes, []);
  });

  test("those that say their result have it", async () => {
    registerModels(shop);
    let checked = 0;
    for (const example of examples) {
      const source = resultChecks(example.text, sourcesFor(example.layer, realPrelude));
      if (!source) continue;
      const file = join(folder, `run-${moduleOf(example)}`);
      writeFileSync(file, source);
      const { results } = (await import(pathToFileURL(file).href)) as { results: () => Promise<[unknown, unknown][]> };
      for (const [given, said] of await results()) assert.deepEqual(given, said, example.place);
      checked++;
    }
    assert.ok(checked >= 6, `${checked} examples were run`);
  });
});
