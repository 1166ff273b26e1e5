import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { defineApp, defineProject, openProject } from "cortado";
import { handler } from "cortado/serving";
import { keepModelTypes } from "#app";
import { identityModel, putModel, temporaryFolder } from "../serving/models.ts";

const root = temporaryFolder();
putModel(root, "image/1", identityModel("float", ["batch", 2, 3]));
putModel(root, "fixed/1", identityModel("int64", [2, 1]));
putModel(root, "text/1", identityModel("string", ["batch", 4], { input: "a b" }));
const handlers = {
  image: handler({ name: "image", source: "file:image" }),
  fixed: handler({ name: "fixed", source: "file:fixed" }),
  text: handler({ name: "text", source: "file:text" }),
  code: handler({ name: "code", inference: (items) => items }),
};
const project = await openProject(
  defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", root, apps: [defineApp({ name: "lab", handlers })] }), // prettier-ignore
);
after(() => project.close());

test("what models take and give is written once, as their files say it", async () => {
  assert.equal(await keepModelTypes(project), true);
  assert.equal(await keepModelTypes(project), false);
  const text = readFileSync(join(root, ".cortado/models.d.ts"), "utf8");
  const lines = text.split("\n").filter((line) => /^ {4}"/.test(line));
  assert.deepEqual(
    lines.map((line) => line.trim()),
    [
      '"fixed": { input: { "x": ReadonlyArray<ReadonlyArray<number | bigint>> | Tensor }; output: { "y": Array<Array<bigint>> } };',
      '"image": { input: { "x": ReadonlyArray<ReadonlyArray<number | null>> | Tensor }; output: { "y": Array<Array<number>> } };',
      '"text": { input: { "a b": ReadonlyArray<string> | Tensor }; output: { "y": Array<string> } };',
    ],
  );
});
