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
    const run = inTurn(async (id) => {
      worker.postMessage({ id, data, size: side });
      await once(worker, "message");
    });
    return { run, close: async () => void (await worker.terminate()) };
  },
};

/** One after the other; the figure is runs a second. */
function inTurn(work: (i: number) => Promise<unknown>) {
  return async () => {
    const started = performance.now();
    let done = 0;
    for (; performance.now() - started < 300; done++) await work(done);
    return (done * 1000) / (performance.now() - started);
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
