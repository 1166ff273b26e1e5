// Training in Python: the run is the registry's, the work is done by a module with the standard library alone.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defineApp, defineProject } from "cortado";
import { auth } from "cortado/auth";
import { decimal } from "cortado/validation";
import {
  cancelRun,
  modelsDirectory,
  pythonTrainer,
  registry,
  resumeRun,
  type Run,
  runEvents,
  startRun,
  waitForRun,
} from "cortado/registry";
import { handler, python, readManifest } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import * as z from "zod";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";

const place = { module: "python/mean.py", python: process.env["CORTADO_TEST_PYTHON"] ?? "python3" };

const rows = () => [
  { value: 1, day: new Date(0), price: decimal("1.50"), none: null },
  { value: 2, day: new Date(1), price: decimal("2.50"), none: 2n ** 70n },
  ...Array.from({ length: 6 }, (_, i) => ({ value: i, day: new Date(i), price: decimal("1"), none: Buffer.from("x") })),
];

const mean = handler({
  name: "mean",
  input: z.object({ value: z.number() }),
  runtime: python(place),
  train: pythonTrainer({ ...place, rows, parameters: z.object({ fate: z.string().optional() }) }),
});
const lost = handler({ name: "lost", train: pythonTrainer({ ...place, module: "python/none.py" }), inference: (items) => items });
const plain = handler({
  name: "plain",
  train: pythonTrainer({ ...place, module: "python/plain.py" }),
  inference: (items) => items,
});

const nowhere = handler({
  name: "nowhere",
  train: pythonTrainer({ ...place, python: "python-of-nowhere" }),
  inference: (items) => items,
});

const app = defineApp({ name: "means", handlers: { mean, lost, plain, nowhere }, directory: import.meta.dirname });
const project = defineProject({
  apps: [auth({ user: User }), registry(), accounts, app],
  secretKey: "a secret of the tests, long enough for any mode",
  configFile: import.meta.filename,
});

let site: TestSite;
before(async () => {
  site = await testSite(project);
});
after(() => site.close());

const start = (fate?: string, model = "mean") => startRun(site.services, model, fate === undefined ? {} : { fate });

async function told(run: Run, kind: string): Promise<Record<string, unknown>[]> {
  const news: Record<string, unknown>[] = [];
  for await (const each of runEvents(run.id)) if (each.kind === kind) news.push(each.data);
  return news;
}

/** Fulfilled when a run has told this much of its progress. */
async function reached(run: Run, done: number): Promise<void> {
  for await (const { kind, data } of runEvents(run.id)) if (kind === "progress" && (data["done"] as number) >= done) return;
}

const checkpoints = (run: Run) => readdir(join(site.services.runs!.folderOf(run), "checkpoints"));

describe("a trainer in Python", () => {
  it("learns from the run's dataset, tells of it, and leaves a version that answers at once", async () => {
    const run = await waitForRun(await start());
    assert.equal(run.state, "succeeded", JSON.stringify(run.error));
    assert.deepEqual(run.metrics, { sum: 18, mean: 2.25 });
    assert.deepEqual((await told(run, "progress")).at(-1), { done: 8, total: 8 });
    const metrics = await told(run, "metric");
    assert.deepEqual(metrics.at(-1), { name: "sum", value: 18, step: 7 });
    const log = (await told(run, "log")).map(({ text }) => text);
    assert.ok(log.includes("kinds: Decimal NoneType bytes datetime int"), log.join("\n"));
    const manifest = await readManifest(join(modelsDirectory(site.services.settings), "mean", run.version!));
    assert.deepEqual(manifest!.labels, ["near", "far"]);
    assert.deepEqual(await mean.predict({ value: 3 }), { distance: 0.75 });
  });

  for (const [fate, code, message] of [
    [
      "throw",
      "SERVING_PYTHON_FAILED",
      'The train of the Python handler "mean" failed: RuntimeError: The beans are finished. (mean.py, line 46).',
    ],
    ["die", "SERVING_PYTHON_FAILED", /^The train of the Python handler "mean" failed: its Python process ended \(exit code 9\)/],
  ] as const) {
    it(`that ends by "${fate}" fails its run with a reason, and goes on from its last checkpoint`, async () => {
      const run = await waitForRun(await start(fate));
      assert.equal(run.state, "failed");
      assert.equal(run.error?.code, code);
      if (typeof message === "string") assert.equal(run.error.message, message);
      else assert.match(run.error.message, message);
      assert.equal((await checkpoints(run)).length, 1);
      if (fate === "throw") assert.ok((await told(run, "log")).some(({ text }) => String(text).startsWith("Traceback")));
      const again = await waitForRun(await resumeRun(site.services, run.id));
      assert.equal(again.state, "succeeded", JSON.stringify(again.error));
      assert.equal(again.metrics!["mean"], 2.25);
      assert.ok((await told(again, "log")).some(({ text }) => text === "going on at 3"));
    });
  }

  it("is cancelled in the middle of a loop that tells nothing", async () => {
    const run = await start("slow");
    await reached(run, 3);
    const asked = performance.now();
    await cancelRun(site.services, run.id);
    assert.equal((await waitForRun(run)).state, "cancelled");
    assert.ok(performance.now() - asked < 1900, "it was killed rather than interrupted");
  });

  it("that heeds nothing is ended when it is cancelled, and leaves no process behind", { timeout: 20_000 }, async () => {
    const run = await start("deaf");
    await reached(run, 0);
    const pids = await pythonProcesses();
    assert.ok(pids.length > 0);
    await cancelRun(site.services, run.id);
    assert.equal((await waitForRun(run)).state, "cancelled");
    for (let look = 0; look < 50 && (await stillThere(pids)).length > 0; look++) await sleep(100);
    assert.deepEqual(await stillThere(pids), []);
  });

  it("without its file, or without a train in it, says so", async () => {
    const error = async (model: string) => (await waitForRun(await start(undefined, model))).error;
    assert.deepEqual(await error("plain"), {
      code: "SERVING_PYTHON_MODULE",
      message: 'plain.py of the model "plain" has no function train.',
      hint: "Write def train(training): ….",
    });
    assert.deepEqual(await error("nowhere"), {
      code: "SERVING_PYTHON_NOT_FOUND",
      message: 'The model "nowhere" needs Python, and python-of-nowhere cannot be started: there is no such program.',
      hint: 'Install Python 3.8 or newer (apt install python3), or name one: python({ python: "/usr/bin/python3.12" }).',
    });
    const { code, message } = (await error("lost"))!;
    assert.equal(code, "SERVING_PYTHON_MODULE");
    assert.match(message, /^none\.py of the model "lost" does not load: FileNotFoundError: /);
    const checks = site.services.settings.apps.find((each) => each.name === "registry")!.checks!;
    const found = (await Promise.all(checks.map((check) => check(site.services.settings)))).flat();
    assert.deepEqual(
      found.map((check) => [check.code, check.object]),
      [["SERVING_CHECK_PYTHON_FILE", "lost"]],
    );
  });
});

/** The Python processes that train, by what Linux tells of them. */
async function pythonProcesses(): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const mains = await Promise.all(
    pids.map(async (pid) => ((await commandOf(pid)).includes("backends/python/worker/main.py") ? pid : 0)),
  );
  const own = await Promise.all(mains.filter(Boolean).map(async (pid) => ((await isOurs(pid)) ? pid : 0)));
  return own.filter(Boolean);
}

const commandOf = (pid: number) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

async function isOurs(pid: number): Promise<boolean> {
  const trainer = await parentOf(pid);
  return trainer !== process.pid && (await parentOf(trainer)) === process.pid;
}

async function stillThere(pids: readonly number[]): Promise<number[]> {
  const commands = await Promise.all(pids.map(commandOf));
  return pids.filter((_, at) => commands[at] !== "");
}
