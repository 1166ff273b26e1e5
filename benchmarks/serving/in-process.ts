import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Handler, ModelServer } from "cortado/serving";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Case, Subject, Turning } from "../measure.ts";
import { chain, chainSize, digitTensors, image, longChain, longChainSize, modelsFolder } from "./models.ts";

const pixels = Float32Array.from(image);
const square = (side: number) => Float32Array.from({ length: side * side }, (_, i) => (i % 7) / 7);
const data = square(chainSize);
const longData = square(longChainSize);
const fileOf = (name: string) => join(modelsFolder(), name, "1/model.onnx");
const oneThread = (model: string): RawSession => ({ model, intraOpNumThreads: 1 });

/** A handler in an open model server. */
function served(
  name: string,
  make: (root: string) => Handler,
  run: (handler: Handler, server: ModelServer) => Turning["run"],
): Subject {
  return {
    name,
    async open() {
      const handler = make(modelsFolder());
      const server = new ModelServer({ handlers: [handler] });
      await server.start();
      await server.settled();
      return { run: run(handler, server), close: () => server.close() };
    },
  };
}

type RawSession = { model: string; intraOpNumThreads?: number };

/** A session in this process. */
function raw(name: string, { model, ...options }: RawSession, run: (session: InferenceSession) => Turning["run"]): Subject {
  return {
    name,
    async open() {
      const session = await InferenceSession.create(fileOf(model), options);
      return { run: run(session), close: () => session.release() };
    },
  };
}

const runChain = (session: InferenceSession) => session.run({ x: new Tensor("float32", data, [chainSize, chainSize]) });
const runDigits = (session: InferenceSession) => session.run({ image: new Tensor("float32", pixels, [1, 784]) });

const workerPool: Subject = {
  name: "worker_threads + session.run",
  async open() {
    const worker = new Worker(new URL("session-worker.ts", import.meta.url), { workerData: fileOf("chain") });
    await once(worker, "message");
    const run = inTurn(async () => {
      worker.postMessage({ data, size: chainSize });
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

/** So many at once, each again when it is answered; the figure is answers a second. */
function inFlight(count: number, work: () => Promise<unknown>, milliseconds = 400) {
  return async () => {
    let answers = 0;
    const started = performance.now();
    const client = async () => {
      for (; performance.now() - started < milliseconds; answers++) await work();
    };
    await Promise.all(Array.from({ length: count }, client));
    return (answers * 1000) / (performance.now() - started);
  };
}

/** The longest time, in milliseconds, that the event loop did not turn during two runs. */
function longestGap(work: () => Promise<unknown>) {
  return async () => {
    let gap = 0;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      gap = Math.max(gap, now - last);
      last = now;
    };
    const ticking = setInterval(tick, 1);
    for (let i = 0; i < 2; i++) await work();
    tick();
    clearInterval(ticking);
    return gap;
  };
}

/** The cores that 200 requests a second take, of this process and of others. */
function paced(work: () => Promise<unknown>, others: () => readonly number[] = () => []) {
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 + others().reduce((sum, id) => sum + cpuOf(id), 0);
  };
  return async () => {
    const before = spent();
    const started = performance.now();
    const asked: Promise<unknown>[] = [];
    for (let i = 0; i < 300; i++) {
      asked.push(work());
      await pause(Math.max(0, started + i * 5 - performance.now()));
    }
    await Promise.all(asked);
    return (spent() - before) / (performance.now() - started);
  };
}

/** The milliseconds of CPU time that a process has taken. */
function cpuOf(processId: number): number {
  const fields = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export const inProcess: readonly Case[] = [
  {
    name: "predict-5ms",
    unit: "requests/s",
    measures: "one after the other",
    bar: 0.9,
    reference: "session.run",
    subjects: [
      served("cortado", chain, (handler) => inTurn(() => handler.predict(data))),
      raw("session.run", oneThread("chain"), (session) => inTurn(() => runChain(session))),
      workerPool,
    ],
  },
  {
    name: "predict-small",
    unit: "requests/s",
    measures: "32 in flight",
    bar: 1.5,
    reference: "session.run, row by row",
    subjects: [
      served("cortado", digitTensors, (handler) => inFlight(32, () => handler.predict(pixels))),
      raw("session.run, row by row", oneThread("digits"), (session) => inFlight(1, () => runDigits(session))),
    ],
  },
  {
    name: "instances",
    unit: "requests/s",
    measures: "8 in flight",
    bar: 1.6,
    reference: "cortado, one instance",
    subjects: [
      served(
        "cortado, two instances",
        (root) => chain(root, 2),
        (handler) => inFlight(8, () => handler.predict(data), 800),
      ),
      served("cortado, one instance", chain, (handler) => inFlight(8, () => handler.predict(data), 800)),
    ],
  },
  {
    name: "event-loop-gap",
    unit: "ms",
    measures: "the longest gap while a model of 190 ms or more runs",
    bar: 0.05,
    reference: "session.run",
    subjects: [
      served("cortado", longChain, (handler) => longestGap(() => handler.predict(longData))),
      raw("session.run", oneThread("long-chain"), (session) =>
        longestGap(() => session.run({ x: new Tensor("float32", longData, [longChainSize, longChainSize]) })),
      ),
    ],
  },
  {
    name: "idle",
    unit: "cores",
    measures: "200 requests a second",
    windows: 3,
    bar: 0.1,
    reference: "session.run, its own threads",
    subjects: [
      served("cortado", digitTensors, (handler, server) =>
        paced(
          () => handler.predict(pixels),
          () => server.hosts.processIds(),
        ),
      ),
      raw("session.run, its own threads", { model: "digits" }, (session) => paced(() => runDigits(session))),
      raw("session.run, one thread", oneThread("digits"), (session) => paced(() => runDigits(session))),
    ],
  },
];
