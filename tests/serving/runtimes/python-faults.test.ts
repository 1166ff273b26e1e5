// Python processes that are killed while they are busy.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer, python } from "cortado/serving";

const program = process.env["CORTADO_TEST_PYTHON"] ?? "python3";
const root = import.meta.dirname;

/** The Python processes that this process has started, as Linux tells. */
function children(): number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(parent) === process.pid && state !== "Z" && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("main.py");
    } catch {
      return false;
    }
  });
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
});
