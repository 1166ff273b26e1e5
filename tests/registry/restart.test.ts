import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { openProject } from "cortado";
import { migrateProject } from "cortado/orm/migrations";
import { cancelRun, requireRun, resumeRun, runEvents, startRun, uploadVersion, waitForRun } from "cortado/registry";
import project from "../api/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A database and a storage that a project finds again when it is opened anew. */
async function ownSettings() {
  const folder = temporaryFolder();
  return { database: `sqlite:${join(folder, "db.sqlite3")}`, storage: `file:${join(folder, "storage")}` };
}

test(
  "a run whose server was killed is interrupted after the restart, and goes on from its checkpoint",
  { timeout: 30_000 },
  async () => {
    const settings = await ownSettings();
    const server = fork(join(import.meta.dirname, "killed-server.ts"), [JSON.stringify(settings)], {
      execArgv: ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"],
    });
    const [id] = (await once(server, "message")) as [number];
    server.kill("SIGKILL");
    await once(server, "exit");

    const open = await openProject({ ...project, ...settings });
    try {
      assert.equal((await requireRun(id)).state, "interrupted");
      const resumed = await resumeRun(open.services, id);
      for await (const { kind, data } of runEvents(id)) if (kind === "log" && data["text"] === "going on") break;
      await cancelRun(open.services, resumed.id);
      assert.equal((await waitForRun(resumed)).state, "cancelled");
    } finally {
      await open.close();
    }
  },
);

test("a file that is uploaded goes by the columns that were learned before the restart, also where nobody has asked yet", async () => {
  const settings = await ownSettings();
  const before = await openProject({ ...project, ...settings });
  await migrateProject(before.settings.apps, before.services.databases["default"]!);

  assert.equal((await waitForRun(await startRun(before.services, "penguin-species"))).state, "succeeded");
  await before.close();

  const open = await openProject({ ...project, ...settings, serving: { loading: "lazy" } });
  try {
    const files = [{ name: "model.onnx", stream: () => Readable.from(["hello"]) }];
    await assert.rejects(uploadVersion(open.services, { model: "penguin-species", files }), { code: "SERVING_VERSION_FAILED" });
  } finally {
    await open.close();
  }
});
