import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeMigrations } from "cortado/orm/migrations";
import {
  cancelRun,
  modelsDirectory,
  ModelVersion,
  Run,
  type RunState,
  resumeRun,
  runEvents,
  startRun,
  tabularFromOnnx,
  waitForRun,
} from "cortado/registry";
import { type TestSite, testSite } from "cortado/testing";
import { publishVersion } from "../../src/registry/versions/version-store.ts";
import project from "../api/project.ts";

let site: TestSite;

before(async () => {
  site = await testSite(project);
});

after(() => site.close());

test("the migrations of the registry say what its models say", async () => {
  const app = project.apps.find((each) => each.name === "registry")!;
  const written = await makeMigrations([...site.services.settings.apps], { app: app.name, dryRun: true });
  assert.deepEqual(written, []);
});

test("runs whose process died are interrupted, those that waited wait again, and living ones are left alone", async () => {
  const make = (state: RunState, owner: string) =>
    Run.objects.create({ model: "counter", state, owner, parameters: { steps: 1 } });
  const gone = `${hostname()} 4194000 gone`;
  const [running, cancelling, queued] = [await make("running", gone), await make("cancelling", gone), await make("queued", gone)];
  const [living, elsewhere] = [
    await make("running", `${hostname()} ${process.ppid} here`),
    await make("running", "another-machine 1 x"),
  ];
  await site.services.runs!.adopt();
  const state = async (run: Run) => (await Run.objects.get({ id: run.id })).state;
  assert.equal((await waitForRun(queued)).state, "succeeded");
  assert.deepEqual(await Promise.all([running, cancelling, living, elsewhere].map(state)), [
    "interrupted",
    "cancelled",
    "running",
    "running",
  ]);
  assert.equal((await waitForRun(await resumeRun(site.services, running.id))).state, "succeeded");
  await assert.rejects(resumeRun(site.services, running.id), {
    code: "REGISTRY_RUN_NOT_RESUMABLE",
    message: `Run ${running.id} is succeeded. Only a run that failed or was interrupted is resumed.`,
    hint: "Start a new run.",
  });
});

test("versions that are published at the same time get different numbers", async () => {
  const folders = ["a", "b", "c"].map((name) => join(modelsDirectory(site.services.settings), "..", name));
  for (const directory of folders) {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "answer.json"), "42");
  }
  const rows = await Promise.all(
    folders.map((directory) => publishVersion(site.services, { model: "counter", directory, origin: "test" })),
  );
  assert.equal(new Set(rows.map((row) => row.version)).size, 3);
  const listed = (await ModelVersion.objects.filter({ model: "counter", state: "ready" })).map((row) => row.version);
  assert.deepEqual(
    site.services.models.versions("counter").map((each) => Number(each.version)),
    listed,
  );
});

test("a trainer that does not listen is killed when it is cancelled", { timeout: 20_000 }, async () => {
  const run = await startRun(site.services, "counter", { steps: 10_000, fate: "deaf" });
  for await (const { kind } of runEvents(run.id)) if (kind === "progress") break;
  assert.equal((await cancelRun(site.services, run.id)).state, "cancelling");
  assert.equal((await waitForRun(run)).state, "cancelled");
});

test("what is not a model of the tabular trainer is not read as one", () => {
  for (const bytes of [Buffer.from("nonsense"), Buffer.alloc(0), Buffer.from([0x0a, 0xff, 0xff])]) {
    assert.throws(() => tabularFromOnnx(bytes), {
      code: "REGISTRY_NOT_TABULAR",
      message: /^This is not a model that the tabular trainer wrote: .+\.$/,
      hint: "Only an artifact of tabular() can be read back; any ONNX file can be served.",
    });
  }
});
