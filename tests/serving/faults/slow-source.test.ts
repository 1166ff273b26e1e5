import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { startWeb } from "../sources/web-server.ts";
import { Callers, type Outcome, percentile } from "./http-load.ts";
import { serveCommand } from "./served.ts";

/** Pieces in which a file comes, with pauses between them. */
const PIECES = 12;
const PAUSE = 150;

const web = await startWeb({ after });
const bytes = Buffer.from(timesModel(3));

/** Sends a part of the file in pieces, and then cuts the line or ends. */
function slowly(response: ServerResponse, from: number, to: number): void {
  const step = Math.ceil((to - from) / PIECES);
  let at = from;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, Math.min(to, at + step)));
    at += step;
    if (at < to) return;
    clearInterval(timer);
    if (to < bytes.byteLength) response.destroy();
    else response.end();
  }, PAUSE);
}

it("a source that is slow, and cut in the middle, holds up nobody else's answers, and its model answers when it is whole", async (t) => {
  let cuts = 0;
  web.trouble = ({ method, headers }, response) => {
    const from = Number(/\d+/.exec(headers.range ?? "")?.[0] ?? 0);
    const range = { "content-range": `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` };
    const length = { etag: '"one"', "accept-ranges": "bytes", "content-length": bytes.byteLength - from };
    response.writeHead(from > 0 ? 206 : 200, { ...length, ...(from > 0 ? range : {}) });
    if (method === "HEAD") return Boolean(response.end());
    const to = cuts === 0 ? Math.floor(bytes.byteLength / 2) : bytes.byteLength;
    if (cuts++ < 2) slowly(response, from, to);
    else response.end(bytes.subarray(from));
    return true;
  };
  const [root, cache] = [temporaryFolder(), temporaryFolder()];
  putModel(root, "double/1", timesModel(2));
  const served = await serveCommand(root, `${web.url}/triple.onnx`, "--allow", web.url, "--cache", cache, "--poll", "1");
  const callers = new Callers(served.url);
  t.after(() => {
    callers.close();
    served.child.kill("SIGKILL");
    rmSync(cache, { recursive: true, force: true });
  });
  const predict = (model: string) => callers.ask(`/api/models/${model}/predict`, { input: { x: [1, 2] } });
  while ((await predict("double")).status !== 200) await sleep(20);
  const since = performance.now();
  const others: Outcome[] = [];
  callers.repeat(4, async () => others.push(await predict("double")), 2);
  let last = await predict("triple");
  // What waits for a version that is being fetched may wait as long as a prediction may.
  while (last.status !== 200 && performance.now() - since < 60_000) {
    assert.ok([404, 503, 504].includes(last.status), JSON.stringify(last.body));
    await sleep(100);
    last = await predict("triple");
  }
  const took = performance.now() - since;
  await callers.stop();
  assert.deepEqual(last.body.output, { y: [3, 6] });
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [200]);
  assert.ok(cuts >= 2, "it was cut once and went on");
  const times = others.map((each) => each.took);
  t.diagnostic(
    `fetched slowly and cut once: answers after ${Math.round(took)} ms; ${others.length} answers of another model meanwhile, none failed, p99 ${percentile(times, 0.99)} ms`,
  );
});
