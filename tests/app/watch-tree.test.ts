import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { watchTree } from "../../src/app/watch-tree.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a file is watched on after it was replaced, and so are folders that come, go and come again", async (t) => {
  const root = temporaryFolder();
  mkdirSync(join(root, "shop"));
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "shop/views.ts"), "1");
  const seen = new Set<string>();
  const watcher = watchTree(root, { isIgnored: (file) => file.startsWith("node_modules"), onChange: (file) => seen.add(file) });
  t.after(() => watcher.close());
  const noticed = async (file: string, act: () => void) => {
    seen.clear();
    act();
    for (let i = 0; i < 300 && !seen.has(file); i++) await new Promise((done) => setTimeout(done, 10));
    assert.ok(seen.has(file), `${file} among ${[...seen]}`);
  };
  const append = (file: string) => () => appendFileSync(join(root, file), "more");
  const replace = () => {
    writeFileSync(join(root, "shop/views.ts~"), "new");
    renameSync(join(root, "shop/views.ts~"), join(root, "shop/views.ts"));
  };
  const makeDeep = () => {
    mkdirSync(join(root, "new/deep"), { recursive: true });
    writeFileSync(join(root, "new/deep/a.ts"), "1");
  };
  for (let i = 0; i < 2; i++) {
    await noticed("shop/views.ts", replace);
    await noticed("shop/views.ts", append("shop/views.ts"));
    await noticed("new/deep/a.ts", makeDeep);
    await noticed("new/deep/a.ts", append("new/deep/a.ts"));
    await noticed("new", () => rmSync(join(root, "new"), { recursive: true }));
  }
  writeFileSync(join(root, "node_modules/x.ts"), "1");
  await noticed("shop/views.ts", append("shop/views.ts"));
  assert.ok(!seen.has("node_modules/x.ts"));
});
