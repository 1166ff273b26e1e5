/** Predicts, and loads anew, so often, and tells what is left: node leak-child.ts PREDICTIONS RELOADS, with TMPDIR a folder of its own. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { factor, publish } from "../versions/served.ts";
import { openFiles } from "./served.ts";

const [predictions, reloads] = process.argv.slice(2).map(Number) as [number, number];
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes of JavaScript's objects that somebody still holds. */
async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await sleep(20);
  }
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

const root = temporaryFolder();
await publish(root, "1");
const server = new ModelServer({ directories: [root] });
await server.start();
await server.settled();

async function predict(count: number): Promise<void> {
  const callers = Array.from({ length: 32 }, async () => {
    for (let i = 0; i < count / 32; i++) await server.predict("times", [{ x: [1, 1] }]);
  });
  await Promise.all(callers);
}

async function reload(from: number, to: number): Promise<void> {
  for (let version = from; version <= to; version++) {
    await publish(root, String(version));
    rmSync(join(root, `times/${version - 1}`), { recursive: true });
    await server.load("times");
    await factor(server);
  }
}

await predict(predictions / 4);
const before = await heap();
await predict(predictions);
const after = await heap();
await reload(2, 4);
const files = openFiles(process.pid);
await reload(5, 4 + reloads);
await sleep(500);
const filesAfter = openFiles(process.pid);
const afterReloads = await heap();
await server.close();
rmSync(root, { recursive: true });
const isOwn = (name: string) => new RegExp(`^cortado-host-\\w+-${process.pid}-`).test(name);
const left = [...readdirSync("/dev/shm").filter(isOwn), ...readdirSync(process.env["TMPDIR"]!)];
process.stdout.write(JSON.stringify({ before, after, afterReloads, files, filesAfter, left }));
