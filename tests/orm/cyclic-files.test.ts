import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

const files = ["./singer-models.ts", "./song-models.ts"].map((file) => import.meta.resolve(file));

/** In a process of its own, where neither file is loaded yet. */
function fieldsWhenImported(order: readonly string[]): unknown {
  const script = `
    import { registerModels } from "cortado/orm";
    import { defineApp } from "cortado";
    const [first, second] = [await import(${JSON.stringify(order[0])}), await import(${JSON.stringify(order[1])})];
    const models = { ...first, ...second };
    registerModels(defineApp({ name: "music", models }));
    const { Singer, Song, Hit } = models;
    const told = [Singer, Song, Hit].map(({ meta }) => meta.fields.map((field) => field.column).join());
    console.log(JSON.stringify([...told, Singer.meta.reverse.map(({ name }) => name).sort().join()]));`;
  const output = execFileSync(process.execPath, ["--conditions=cortado-source", "--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  return JSON.parse(output);
}

test("files of models that refer to each other are imported in either order", () => {
  const expected = ["id,name,best_id", "id,title,singer_id", "song_ptr_id,id,title,singer_id,rank_id", "hits,songs"];
  assert.deepEqual(fieldsWhenImported(files), expected);
  assert.deepEqual(fieldsWhenImported([...files].reverse()), expected);
});
