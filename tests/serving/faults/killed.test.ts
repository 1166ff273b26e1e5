import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DiskAliasStore, DiskRepository, ModelServer, pullModels, readManifest, verifyManifest } from "cortado/serving";
import { perceptron, temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";
import { KILLS, killedAtRandom } from "./killed.ts";

/** How many are killed side by side: two that do the same at once. */
const TOGETHER = 2;

/** Runs a script so often in all, `TOGETHER` at once, and looks after each round. */
async function rounds(script: string, args: readonly string[], look: (told: string[][]) => Promise<void>): Promise<void> {
  for (let killed = 0; killed < KILLS; killed += TOGETHER)
    await look(await Promise.all(Array.from({ length: TOGETHER }, () => killedAtRandom(script, args))));
}

describe("processes that are killed at random points", () => {
  it("while they move one alias, lose no move that was acknowledged, double none, and hold up nobody", async (context) => {
    const file = join(temporaryFolder(), "aliases.json");
    let last = 0;
    let longest = 0;
    await rounds("promote-child.ts", [file, "default"], async (told) => {
      const moves = told.flat().map(Number);
      assert.equal(new Set(moves).size, moves.length, "two processes were told of the same move");
      assert.ok(Math.min(...moves) > last, "a move that was acknowledged before was taken back");
      const started = performance.now();
      const { version } = (await new DiskAliasStore(file).update("times", "default", (before) => before!))!;
      longest = Math.max(longest, performance.now() - started);
      assert.ok(Number(version) >= Math.max(...moves), `${Math.max(...moves)} was acknowledged, ${version} is kept`);
      // What was being done when a process was killed may have been done or not.
      assert.ok(Number(version) <= Math.max(...moves) + TOGETHER);
      last = Number(version);
    });
    assert.ok(longest < 9_000);
    context.diagnostic(`${KILLS} killed, ${last} moves, the next move took ${Math.round(longest)} ms at most`);
  });

  it("while they push versions, leave every one that was acknowledged whole, and no half one to be seen", async (context) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "model.onnx"), perceptron());
    for (const name of ["labels.txt", "weights.bin", "words.txt"]) writeFileSync(join(folder, name), Buffer.alloc(300_000, name));
    const root = temporaryFolder();
    const destination = join(root, "digits");
    mkdirSync(destination);
    const acknowledged = new Set<string>();
    await rounds("push-child.ts", [folder, destination], async (told) => {
      for (const version of told.flat()) {
        assert.ok(!acknowledged.has(version), `version ${version} was given twice`);
        acknowledged.add(version);
      }
      const visible = await visibleVersions(root);
      for (const { directory } of visible)
        assert.deepEqual(Object.keys((await readManifest(directory))!.files).sort(), readdirSync(folder).sort(), directory);
      const names = new Set(visible.map(({ version }) => version));
      for (const version of acknowledged) assert.ok(names.has(version), `version ${version} is gone`);
    });
    const halves = readdirSync(destination).length - (await visibleVersions(root)).length;
    context.diagnostic(`${KILLS} killed, ${acknowledged.size} versions, ${halves} begun and not seen`);
    await servesNewest(root);
  });

  it("while they pull versions, leave every one that was told whole, and no half one to be seen", async (context) => {
    const [source, root] = [temporaryFolder(), temporaryFolder()];
    const bytes = perceptron([784, 512, 10]);
    let newest = 0;
    const [told, whole] = [new Set<string>(), new Set<string>()];
    for (let killed = 0; killed < KILLS; killed += TOGETHER) {
      for (let i = 0; i < TOGETHER; i++) await publish(source, String(++newest), { model: "digits", bytes });
      const lines = await Promise.all(
        Array.from({ length: TOGETHER }, () => killedAtRandom("pull-child.ts", [`file:${source}`, root], 150)),
      );
      for (const version of lines.flat()) if (version !== "ready") told.add(version);
      const seen = new Set<string>();
      for (const { directory, version } of await visibleVersions(root)) {
        const manifest = await readManifest(directory);
        assert.ok(manifest, `${directory} has no manifest`);
        if (!whole.has(version)) await verifyManifest(directory, manifest);
        whole.add(version);
        seen.add(version);
      }
      for (const version of told) assert.ok(seen.has(version), `version ${version} is gone`);
    }
    const pulled = (await visibleVersions(root)).length;
    const next = await pullModels(`file:${source}`, root);
    assert.equal(next.length, newest);
    const folders = readdirSync(join(root, "digits")).length;
    context.diagnostic(`${KILLS} killed, ${pulled} of ${newest} versions pulled, ${folders - newest} begun and not seen`);
  });
});

/** What a server finds that looks twice, as it does with folders that have no manifest. */
async function visibleVersions(root: string) {
  const repository = new DiskRepository(root);
  await repository.versions("digits");
  return repository.versions("digits");
}

async function servesNewest(root: string): Promise<void> {
  const server = new ModelServer({ directories: [root], versions: { latest: 2 } });
  await server.start();
  await server.settled();
  const states = new Set(server.versions("digits").map(({ state }) => state));
  await server.close();
  assert.ok(states.has("ready") && !states.has("failed"));
}
