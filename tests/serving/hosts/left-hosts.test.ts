// A shared host that is replaced by another one, into which not every model can be loaded.
import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { factor, publish, until } from "../versions/served.ts";

const skip = process.platform === "win32" ? "Windows has no private folders of this kind" : false;

/** A server whose models `kept` and `stays` were to move to another one's host, where the files of `stays` are not found. */
async function withLeftHost(work: (server: ModelServer, root: string) => Promise<void>): Promise<void> {
  const root = temporaryFolder();
  const shared = join(temporaryFolder(), "hosts");
  for (const model of ["kept", "stays"]) await publish(root, "2", { model });
  const open = () => new ModelServer({ directories: [root], hosts: { shared }, log: { info() {}, warn() {} } });
  const [server, other] = [open(), open()];
  try {
    await server.start();
    await server.settled();
    await other.start();
    await other.settled();
    const hosts = () => [server, other].flatMap((each) => each.hosts.processIds());
    const [old, ...more] = hosts();
    assert.deepEqual(more, []);
    renameSync(join(root, "stays/2/model.onnx"), join(root, "away"));
    // An owner whose folder is taken away leaves its host; either makes the folder anew.
    rmSync(shared, { recursive: true });
    await until(() => hosts().length === 2, "a new host");
    await sleep(1000);
    assert.equal(await factor(server, {}, "kept"), 2);
    assert.equal(await factor(server, {}, "stays"), 2);
    assert.deepEqual([hosts().length, hosts().includes(old!)], [2, true]);
    assert.equal(server.versions("stays")[0]!.state, "ready");
    await work(server, root);
    await until(() => hosts().length === 1 && !hosts().includes(old!), "the end of the old host");
    assert.equal(await factor(server, {}, "kept"), 2);
  } finally {
    await server.close();
    await other.close();
  }
}

it("ends when the last model that had to stay there is let go", { skip, timeout: 60_000 }, () =>
  withLeftHost(async (server) => {
    await server.unload("stays");
  }),
);

it("ends when what had to stay there can be moved after all", { skip, timeout: 60_000 }, () =>
  withLeftHost(async (server, root) => {
    renameSync(join(root, "away"), join(root, "stays/2/model.onnx"));
    await until(() => server.hosts.processIds().length <= 1, "the move");
    assert.equal(await factor(server, {}, "stays"), 2);
  }),
);
