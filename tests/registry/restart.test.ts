import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openProject } from "cortado";
import { cancelRun, requireRun, resumeRun, runEvents, waitForRun } from "cortado/registry";
import project from "../api/project.ts";

test(
  "a run whose server was killed is interrupted after the restart, and goes on from its checkpoint",
  { timeout: 30_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "cortado-restart-"));
    const settings = { database: `sqlite:${join(folder, "db.sqlite3")}`, storage: `file:${join(folder, "storage")}` };
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
