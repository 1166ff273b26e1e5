// The table of Django's features tells the truth: every row that says yes leads to a test that is there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./doc-blocks.ts";

const page = readFileSync(join(root, "docs/reference/django.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| Django |"))
  .map((line) => line.slice(2, -2).split(/ \| /));

test("every feature is here and shown by a test, or says why not", () => {
  assert.ok(rows.length > 400);
  for (const [feature, here = "", shown = ""] of rows) {
    assert.match(here, /^(?:yes|in another way|no)\b/, feature);
    if (here.startsWith("yes")) assert.match(shown, /^\[.+\]\(.+\)$/, `${feature} is shown by nothing`);
    else assert.match(here, /: ./, `${feature} gives no reason`);
  }
});

test("every test that the table names is there", () => {
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

test("the numbers at its head are those of its rows", () => {
  const count = (beginning: string) => rows.filter(([, here = ""]) => here.startsWith(beginning)).length;
  const [all, yes, other, no] = /row by row: (\d+) in all, of which (\d+) are here .*, (\d+) in another way, and (\d+) are not/s.exec(page)!.slice(1).map(Number); // oxfmt-ignore
  assert.deepEqual([all, yes, other, no], [rows.length, count("yes"), count("in another way"), count("no")]);
});
