import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Database } from "cortado/orm";
import { openModels, targets } from "../open-cafe.ts";
import { makeCase, sourceOf } from "./cases.ts";
import { faultOf, smallest } from "./check-case.ts";
import { models } from "./fuzz-models.ts";
import { Random } from "./random.ts";
import { makeWorld, saveWorld, type World } from "./world.ts";

/** `CORTADO_FUZZ=20000` makes more queries, `CORTADO_FUZZ_SEED=4711` begins at that seed. */
const isLong = Boolean(process.env["CORTADO_TEST_POSTGRES"]);
const queries = Number(process.env["CORTADO_FUZZ"] ?? (isLong ? 3000 : 400));
const first = Number(process.env["CORTADO_FUZZ_SEED"] ?? 1);

for (const { name, url, skip } of targets) {
  describe(`queries made by chance on ${name}`, { skip }, () => {
    let db: Database;
    let world: World;
    before(async () => {
      db = await openModels(url!, models);
      world = makeWorld(new Random(first));
      await saveWorld(world);
    });
    after(() => db?.close());

    test(`${queries} queries give what plain JavaScript gives`, async () => {
      const faults: string[] = [];
      for (let seed = first; seed < first + queries && faults.length < 5; seed++) {
        const query = makeCase(seed, world);
        if ((await faultOf(query, world)) === undefined) continue;
        const least = await smallest(query, world);
        faults.push(`seed ${seed}: ${sourceOf(least)}\n    ${(await faultOf(least, world))?.slice(0, 600)}`);
      }
      assert.ok(faults.length === 0, `\n${faults.join("\n")}`);
    });
  });
}
