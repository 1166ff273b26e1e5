// A server that is told to stop before it has all of its models.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GrpcClient } from "../clients/grpc-client.ts";
import { hostsOf, serveCommand } from "../faults/served.ts";
import { Callers } from "../faults/http-load.ts";
import { endlessModel } from "../hosts/endless-model.ts";
import { loopModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { startWeb } from "../sources/web-server.ts";

const web = await startWeb({ after });

/** The exit code, and the milliseconds that it took. */
async function stopped({ child }: { child: ChildProcess }) {
  const since = performance.now();
  child.kill("SIGTERM");
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, took: performance.now() - since };
}

test("SIGTERM while a model is tried that never ends is obeyed at once", { timeout: 90_000 }, async (t) => {
  const root = temporaryFolder();
  putModel(root, "double/1", timesModel(2));
  putModel(root, "endless/1", endlessModel(1));
  const served = await serveCommand(root);
  t.after(() => served.child.kill("SIGKILL"));
  const callers = new Callers(served.url);
  while ((await callers.ask("/api/models/double/predict", { input: { x: [1, 2] } })).status !== 200) await sleep(50);
  if (process.platform === "linux") while (hostsOf(served.child.pid!).length < 2) await sleep(50);
  callers.close();
  const { code, took } = await stopped(served);
  assert.equal(code, 0, served.output());
  t.diagnostic(`gone after ${Math.round(took)} ms`);
  assert.ok(took < 15_000, `${took} ms`);
});

test("SIGTERM while a source is fetched slowly is obeyed at once, and leaves no half version", { timeout: 90_000 }, async (t) => {
  const started = Promise.withResolvers<void>();
  web.trouble = ({ method }, response) => {
    response.writeHead(200, { etag: '"one"', "content-length": 10_000_000 });
    if (method === "HEAD") return Boolean(response.end());
    response.write(timesModel(2));
    started.resolve();
    // The rest never comes.
    return true;
  };
  t.after(() => (web.trouble = undefined));
  const cache = temporaryFolder();
  const served = await serveCommand(`${web.url}/digits.onnx`, "--allow", web.url, "--cache", cache);
  t.after(() => served.child.kill("SIGKILL"));
  await started.promise;
  const { code, took } = await stopped(served);
  assert.equal(code, 0, served.output());
  t.diagnostic(`gone after ${Math.round(took)} ms`);
  assert.ok(took < 15_000, `${took} ms`);
  const files = readdirSync(cache, { recursive: true }).map(String);
  assert.deepEqual(
    files.filter((name) => name.endsWith("manifest.json")),
    [],
  );
});

test("SIGTERM with gRPC and HTTP in flight: both are answered", { timeout: 90_000 }, async (t) => {
  const root = temporaryFolder();
  putModel(root, "slow/1", loopModel());
  const served = await serveCommand(root, "--grpc-port", "0");
  t.after(() => served.child.kill("SIGKILL"));
  const callers = new Callers(served.url);
  const predict = (count: number) => callers.ask("/api/models/slow/predict", { input: { count } });
  let count = 1000;
  for (let took = 0; took < 400; count *= 2) ({ took } = await predict(count));
  const client = new GrpcClient(/gRPC at (\S+)/.exec(served.output())![1]!);
  const inputs = [{ name: "count", datatype: "INT64", shape: [], contents: { int64_contents: [count] } }];
  const flying = [
    predict(count),
    client.call("ModelInfer", { model_name: "slow", inputs }, { token: "a-token-of-this-test" }),
  ] as const;
  await sleep(150);
  const { code } = await stopped(served);
  const [http, grpc] = await Promise.all(flying);
  assert.equal(http.status, 200);
  assert.equal(grpc.answer?.outputs?.[0]?.name, "y", JSON.stringify(grpc));
  assert.equal(code, 0, served.output());
  callers.close();
  client.close();
});
