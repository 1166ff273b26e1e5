import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ModelServer } from "cortado/serving";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { serverSubject } from "../http/server-subject.ts";
import type { Case, Subject } from "../measure.ts";
import { chain, chainSize, modelsFolder, predictBody } from "./models.ts";
import { servers } from "./small-servers.ts";

const side = chainSize;
const data = Float32Array.from({ length: side * side }, (_, i) => (i % 7) / 7);
const chainFile = () => join(modelsFolder(), "chain/1/model.onnx");

const rawSession: Subject = {
  name: "session.run",
  async open() {
    const session = await InferenceSession.create(chainFile(), { intraOpNumThreads: 1 });
    return { run: inTurn(() => session.run({ x: new Tensor("float32", data, [side, side]) })), close: () => session.release() };
  },
};

const cortadoChain: Subject = {
  name: "cortado",
  async open() {
    const handler = chain(modelsFolder());
    const server = new ModelServer({ handlers: [handler] });
    await server.start();
    await server.settled();
    return { run: inTurn(() => handler.predict(data)), close: () => server.close() };
  },
};

const workerPool: Subject = {
  name: "worker_threads + session.run",
  async open() {
    const worker = new Worker(new URL("session-worker.ts", import.meta.url), { workerData: chainFile() });
    await once(worker, "message");
    const run = inTurn(async () => {
      worker.postMessage({ data, size: side });
      await once(worker, "message");
    });
    return { run, close: async () => void (await worker.terminate()) };
  },
};

/**
 * One after the other. The figure is runs a second by the fastest tenth of the runs: two threads take turns here, and what else
 * a machine does comes between them.
 */
function inTurn(work: () => Promise<unknown>) {
  return async () => {
    const times: number[] = [];
    for (let spent = 0; spent < 300; spent += times.at(-1)!) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    return 1000 / times[Math.floor(times.length / 10)]!;
  };
}

export const cases: readonly Case[] = [
  {
    name: "http-small",
    unit: "requests/s",
    measures: "32 clients",
    bar: 0.9,
    reference: "cortado, identity handler",
    subjects: Object.keys(servers).map((name) =>
      serverSubject(name, {
        file: join(import.meta.dirname, "small-servers.ts"),
        measure: "rate",
        path: "/api/models/digits/predict",
        method: "POST",
        body: predictBody,
        headers: { "content-type": "application/json" },
        expect: '"digit":',
      }),
    ),
  },
  {
    name: "predict-5ms",
    unit: "requests/s",
    measures: "one after the other",
    bar: 0.9,
    reference: "session.run",
    subjects: [cortadoChain, rawSession, workerPool],
  },
];
