// What pages point to is there, and the README of a layer says what it is, where to begin and what its law is.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "./doc-blocks.ts";

const read = (page: string) => readFileSync(join(root, page), "utf8");
const layerReadmes = globSync("src/*/README.md", { cwd: root }).sort();

test("every link of a page leads somewhere", () => {
  const pages = ["README.md", ...globSync(["*.md", "docs/**/*.md", "examples/*/*.md"], { cwd: root }), ...layerReadmes];
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!\w+:)([^)#]+)/g)]
      .filter(([, target]) => !existsSync(join(root, dirname(page), target!)))
      .map(([, target]) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test("every layer says where to begin and what its law is", () => {
  const silent = layerReadmes.filter((page) => !/\bbegin\b/i.test(read(page)) || !/\bLaws?:/.test(read(page)));
  assert.deepEqual(silent, []);
});

test("every file that a layer's README names is there", () => {
  const gone = layerReadmes.flatMap((page) =>
    [...read(page).matchAll(/`([\w./-]+(?:\.(?:ts|css|html)|\/))`/g)]
      .map(([, path]) => path!)
      .filter((path) => !existsSync(join(root, dirname(page), path)) && !existsSync(join(root, "src", path)))
      .map((path) => `${page}: ${path}`),
  );
  assert.deepEqual(gone, []);
});
