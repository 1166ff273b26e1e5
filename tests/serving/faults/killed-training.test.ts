import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { temporaryFolder } from "../models.ts";
import { KILLS, killedAtRandom } from "./killed.ts";

/** Two that are killed again and again, side by side; a start takes long here. */
const LANES = 2;
const TIMES = Math.ceil(KILLS / 3 / LANES);
const PATIENCE = 20 * TIMES;

it("training that is killed at random points goes on from a whole checkpoint, and from none before the last that was told", async (t) => {
  let steps = 0;
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      const folder = temporaryFolder();
      const database = `sqlite:${join(folder, "db.sqlite3")}`;
      const settings = JSON.stringify({ database, storage: `file:${join(folder, "storage")}` });
      let kept = 0;
      // A machine that has other things to do may not keep anything in so short a time.
      for (let i = 0; i < TIMES || (kept === 0 && i < PATIENCE); i++) {
        const told = await killedAtRandom("train-child.ts", [settings], 400);
        const [, from, state] = /^from (\d+) (\w+)$/.exec(told.find((line) => line.startsWith("from")) ?? "") ?? [];
        if (from === undefined) continue;
        assert.equal(state, "whole", `a checkpoint of step ${from}`);
        assert.ok(Number(from) >= kept, `step ${kept} was kept, and it went on from ${from}`);
        kept = Math.max(kept, ...told.flatMap((line) => (line.startsWith("kept") ? Number(line.split(" ")[1]) : [])));
      }
      assert.ok(kept > 0);
      steps += kept;
      rmSync(folder, { recursive: true, force: true });
    }),
  );
  t.diagnostic(`${TIMES * LANES} killed, ${steps} steps kept`);
});
