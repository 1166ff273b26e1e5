// The tables of features tell the truth: every row that says yes leads to a test that is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "./doc-blocks.ts";

for (const [name, least] of [
  ["django", 400],
  ["serving", 250],
] as const) {
  const page = readFileSync(join(root, `docs/reference/${name}.md`), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:Django|feature) \|/.test(line))
    .map((line) => line.slice(2, -2).split(/ \| /));

  describe(`the table of ${name}`, () => {
    test("has every feature shown by a test, or says why not", () => {
      assert.ok(rows.length > least);
      for (const [feature, here = "", shown = ""] of rows) {
        assert.match(here, /^(?:yes|in another way|no)\b/, feature);
        if (here.startsWith("yes")) assert.match(shown, /^\[.+\]\(.+\)$/, `${feature} is shown by nothing`);
        else assert.match(here, /: ./, `${feature} gives no reason`);
      }
    });

    test("names only tests that are there", () => {
      const gone = rows.flatMap(([feature, , shown = ""]) => {
        const [, title = "", file = ""] = /^\[(.+)\]\(\.\.\/\.\.\/(.+)\)$/.exec(shown) ?? [];
        if (file === "") return [];
        const beginning = title.replace(/ …$/, "").replaceAll("&lt;", "<").replaceAll("\\|", "|");
        return existsSync(join(root, file)) && readFileSync(join(root, file), "utf8").includes(beginning)
          ? []
          : [`${feature}: ${shown}`];
      });
      assert.deepEqual(gone, []);
    });

    test("counts its rows rightly at its head", () => {
      const count = (beginning: string) => rows.filter(([, here = ""]) => here.startsWith(beginning)).length;
      const [all, yes, other, no] = /row by row: (\d+) in all, of which (\d+) are here .*, (\d+) in another way, and (\d+) are not/s.exec(page)!.slice(1).map(Number); // oxfmt-ignore
      assert.deepEqual([all, yes, other, no], [rows.length, count("yes"), count("in another way"), count("no")]);
    });
  });
}
