// `cortado serve --instances, --max-batch, --queue, --deadline`: what holds for every model where no handler says it.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer, openPlaces, serveDirectory } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { putModel, loopModel, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { startServe } from "./serve-process.ts";

const root = temporaryFolder({ after });
putModel(root, "double/1", timesModel(2));
const log = { info() {}, warn() {} };

describe("cortado serve", () => {
  it("runs every model in so many copies and batches, with so long a queue and deadline", async (t) => {
    const limits = ["--instances", "2", "--max-batch", "8", "--queue", "3", "--deadline", "5000"];
    const url = await startServe(t, [root, "--port", "0", ...limits]).url();
    const got = async (path: string) => (await fetch(url + path)).json() as Promise<any>;
    const answer = await fetch(`${url}/api/models/double/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: { x: [1, 2] } }),
    });
    assert.deepEqual(((await answer.json()) as any).output, { y: [2, 4] });
    const config = await got("/v2/models/double/config");
    assert.deepEqual([config.instance_group[0].count, config.max_batch_size], [2, 8]);
    const { default_queue_policy: queue } = config.dynamic_batching;
    assert.deepEqual([queue.max_queue_size, queue.default_timeout_microseconds], [3, 5_000_000]);
    const [worker] = await got("/models/double");
    assert.deepEqual([worker.minWorkers, worker.workers.length, worker.batchSize], [2, 2, 8]);
    assert.equal(worker.jobQueueStatus.remainingCapacity, 3);
  });

  it("refuses numbers of copies, rows and milliseconds that are none", async (t) => {
    const refused = async (args: string[], message: RegExp) => {
      const { ended, said } = startServe(t, [root, "--port", "0", ...args]);
      assert.equal(await ended, 2, said.err);
      assert.match(said.err, message);
    };
    await refused(["--instances", "0"], /--instances is "0", and must be a whole number from 1\n/);
    await refused(["--max-batch", "many"], /--max-batch is "many", and must be a whole number from 1\n/);
    await refused(["--queue", "1.5"], /--queue is "1\.5", and must be a whole number from 1\n/);
    await refused(["--deadline", "0"], /--deadline is "0", and must be a number from 1 to 2147483647\n/);
    await refused(["--deadline", "-5"], /--deadline is "-5", and must be a number from 1 to 2147483647\n/);
    await refused(["--idle", "-5"], /--idle is "-5", and must be a number from 0\.1\n/);
    await refused(["--idle=0.05"], /--idle is "0\.05", and must be a number from 0\.1\n/);
    await refused(["--grace", "9999999"], /--grace is "9999999", and must be a whole number from 0 to 2147483\n/);
  });
});

describe("what a server says of its models' limits", () => {
  it("is refused in code as in settings and on the command line, where it cannot be meant", async () => {
    const refused = async (options: object, message: string) => {
      const expected = refusal({ code: "SERVING_BAD_OPTION", message, hint: "Correct the option, or leave it out." });
      assert.throws(() => openPlaces([root], options), expected);
      await assert.rejects(serveDirectory(root, { port: 0, log, ...options }), expected);
    };
    const of = (option: string, problem: string) =>
      `Models cannot be served with options.${option} as it is given. It is ${problem}.`;
    await refused({ instances: 0 }, of("instances", "0, and must be a whole number from 1"));
    await refused({ batch: { maxSize: 1.5 } }, of("batch.maxSize", "1.5, and must be a whole number from 1"));
    await refused({ queue: { maxSize: "8" } }, of("queue.maxSize", "8, and must be a whole number from 1"));
    await refused({ deadline: Infinity }, of("deadline", "Infinity, and must be a number from 1 to 2147483647"));
    await refused({ idle: 0.05 }, of("idle", "0.05, and must be a number from 0.1"));
    await refused({ mode: "pol" }, of("mode", '"pol", and must be "poll" or "explicit"'));
    await refused({ hosts: { memory: -1 } }, of("hosts.memory", "-1, and must be a number of bytes"));
  });

  it("ends a run that takes longer", async (t) => {
    const folder = temporaryFolder(t);
    putModel(folder, "endless/1", loopModel());
    const { models, close } = await serveDirectory(folder, { port: 0, deadline: 300, log });
    t.after(close);
    await assert.rejects(
      models.predict("endless", [{ count: 2 ** 40 }]),
      refusal({ code: "SERVING_DEADLINE", message: 'The model "endless" did not answer within 300 ms.' }),
    );
  });

  it("runs so many side by side and lets so many wait, where no handler says another number", async () => {
    let running = 0;
    const most = { own: 0, given: 0 };
    const counting = (name: "own" | "given", instances?: number) =>
      handler({
        name,
        ...(instances !== undefined && { instances }),
        batch: { maxSize: 1 },
        inference: async (items: number[]) => {
          most[name] = Math.max(most[name], ++running);
          await sleep(50);
          running--;
          return items;
        },
      });
    const handlers = [counting("own", 1), counting("given")];
    const server = new ModelServer({ handlers, instances: 3, queue: { maxSize: 8 }, log });
    await server.start();
    try {
      await Promise.all([1, 2, 3].map((item) => server.predict("own", [item])));
      await Promise.all([1, 2, 3, 4, 5].map((item) => server.predict("given", [item])));
      assert.deepEqual(most, { own: 1, given: 3 });
      const crowd = await Promise.allSettled(Array.from({ length: 20 }, (_, item) => server.predict("given", [item])));
      const refused = crowd.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.code as string] : []));
      assert.deepEqual(new Set(refused), new Set(["SERVING_QUEUE_FULL"]));
      assert.ok(refused.length >= 20 - 8 - 3, String(refused.length));
    } finally {
      await server.close();
    }
  });
});
