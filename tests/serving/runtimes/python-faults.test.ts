// Python processes that are killed while they are busy.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer, python } from "cortado/serving";
import { childrenOf, readText } from "../children-of.ts";

const program = process.env["CORTADO_TEST_PYTHON"] ?? "python3";
const root = import.meta.dirname;

/** The Python processes that this process has started. */
const children = () => childrenOf(process.pid).filter((pid) => readText(`/proc/${pid}/cmdline`).includes("main.py"));

/** A server of one model, whose module is of the same name. */
function loading(name: string): ModelServer {
  const runtime = python({ module: `python/${name}.py`, python: program });
  const handlers = [handler<any, any, any, any, any>({ name, runtime })];
  return new ModelServer({ handlers, root, log: { info() {}, warn() {} } });
}

describe("Python processes", { skip: process.platform !== "linux" && "it reads /proc" }, () => {
  it("that are killed under load come back, and no request notices", { timeout: 60_000 }, async () => {
    const runtime = python({ module: "python/plain.py", python: program });
    const plain = handler<any, any, any, any, any>({ name: "plain", runtime, instances: 2 });
    const server = new ModelServer({ handlers: [plain], root, log: { info() {}, warn() {} } });
    await server.start();
    await server.settled();
    let sent = 0;
    let stop = false;
    const clients = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const n = ++sent;
        assert.deepEqual(await plain.predict({ n }), { twice: 2 * n });
      }
    });
    const seen = new Set<number>();
    for (let i = 0; i < 4; i++) {
      await sleep(700);
      for (const pid of children()) seen.add(pid);
      process.kill(children()[0]!, "SIGKILL");
    }
    await sleep(700);
    stop = true;
    await Promise.all(clients);
    assert.ok(sent > 100 && seen.size > 2, `${sent} requests, ${seen.size} processes`);
    await server.close();
    assert.deepEqual(children(), []);
  });

  it("are gone when the server closes, even those that still load or never end", { timeout: 30_000 }, async () => {
    const deaf = handler<any, any, any, any, any>({
      name: "deaf",
      runtime: python({ module: "python/deaf.py", python: program }),
    });
    const server = new ModelServer({ handlers: [deaf], root, log: { info() {}, warn() {} } });
    await server.start();
    await server.settled();
    const abort = new AbortController();
    const asked = deaf.predict({ hang: true }, { signal: abort.signal }).catch(() => "given up");
    await sleep(100);
    abort.abort();
    assert.equal(await asked, "given up");
    await server.close();
    for (let look = 0; look < 50 && children().length > 0; look++) await sleep(100);
    assert.deepEqual(children(), []);
  });

  it("whose module is never imported to its end keep no server from closing", { timeout: 30_000 }, async () => {
    const server = loading("endless");
    await server.start();
    const asked = assert.rejects(server.predict("endless", [1]), { code: "SERVING_NOT_LOADED" });
    while (children().length === 0) await sleep(20);
    await server.close();
    await asked;
    assert.deepEqual(children(), []);
  });

  it("that cannot be started, for too many files are open, fail their model and end no server", { timeout: 30_000 }, () => {
    const run = `
import { closeSync, openSync } from "node:fs";
import { handler, ModelServer, python } from "cortado/serving";
const runtime = python({ module: "python/plain.py", python: ${JSON.stringify(program)} });
const plain = handler({ name: "plain", runtime });
const log = { info() {}, warn() {} };
const server = new ModelServer({ handlers: [plain], root: ${JSON.stringify(root)}, loading: "lazy", log });
await server.start();
const held = [];
try {
  for (;;) held.push(openSync("/dev/null"));
} catch {}
for (let i = 0; i < 4; i++) closeSync(held.pop());
await server.predict("plain", [{ n: 1 }]).catch(({ message }) => console.log(message));
await server.close();`;
    const node = [
      process.execPath,
      "--conditions=cortado-source",
      "--disable-warning=ExperimentalWarning",
      "--input-type=module",
    ];
    const command = ["-c", 'ulimit -n 100 && exec "$@"', "sh", ...node, "-e", run];
    const { stdout, stderr, status } = spawnSync("sh", command, { encoding: "utf8" });
    assert.match(stdout, /EMFILE/, stderr);
    assert.equal(status, 0, stderr);
  });

  it("that are killed while they load are started once more, and no more than that", { timeout: 30_000 }, async () => {
    const server = loading("endless");
    await server.start();
    const asked = assert.rejects(server.predict("endless", [1]), /its Python process ended \(SIGKILL\)/);
    const seen = new Set<number>();
    while (seen.size < 2) {
      for (const pid of children().filter((each) => !seen.has(each))) {
        seen.add(pid);
        process.kill(pid, "SIGKILL");
      }
      await sleep(20);
    }
    await asked;
    assert.deepEqual(children(), []);
    await server.close();
  });
});
