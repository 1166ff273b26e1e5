// When a server says that it is ready, where one of its models does not load: one rule, on every protocol.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineApp, defineProject } from "cortado";
import { handler, serveDirectory, type ServeOptions } from "cortado/serving";
import { testSite } from "cortado/testing";
import { temporaryFolder } from "../../temporary-folder.ts";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel, timesModel } from "../models.ts";

type Test = NonNullable<Parameters<typeof temporaryFolder>[0]>;
const quiet = { info() {}, warn() {} };

async function serve(t: Test, models: Record<string, Uint8Array>, options: ServeOptions = {}) {
  const root = temporaryFolder(t);
  for (const [name, model] of Object.entries(models)) putModel(root, `${name}/1`, model);
  const server = await serveDirectory(root, { port: 0, grpcPort: 0, log: quiet, ...options });
  t.after(() => server.close());
  const grpc = new GrpcClient(server.grpc!);
  t.after(() => grpc.close());
  const status = async (path: string) => (await fetch(server.url + path)).status;
  return {
    server,
    root,
    readiness: async () => [
      await status("/health/ready"),
      await status("/v2/health/ready"),
      await status("/ping"),
      (await grpc.call("ServerReady")).answer.ready,
      (await grpc.checkHealth()).answer.status,
    ],
  };
}

const good = timesModel(2);
const broken = Buffer.from("no model at all");
const ready = [200, 200, 200, true, "SERVING"];
const unready = [503, 503, 500, false, "NOT_SERVING"];

describe("a server of which one model does not load", () => {
  it("is ready once every model has been tried, and the broken one is told of", async (t) => {
    const { server, readiness } = await serve(t, { good, broken });
    await server.models.settled();
    assert.deepEqual(await readiness(), ready);
    assert.equal((await fetch(`${server.url}/v2/models/broken/ready`)).status, 503);
    const index = await fetch(`${server.url}/v2/repository/index`, { method: "POST" });
    const entries = (await index.json()) as { name: string; state: string; reason: string }[];
    assert.equal(index.status, 200, JSON.stringify(entries));
    const entry = entries.find(({ name }) => name === "broken")!;
    assert.equal(entry.state, "UNAVAILABLE");
    assert.match(entry.reason, /not (?:a complete|an) ONNX model/);
    const told = (await (await fetch(`${server.url}/health/ready`)).json()) as object;
    assert.deepEqual(told, { ready: true, waiting: ["broken"] });
  });

  it("is not ready where readiness is strict", async (t) => {
    const { server, readiness } = await serve(t, { good, broken }, { strictReadiness: true });
    await server.models.settled();
    assert.deepEqual(await readiness(), unready);
  });

  it("is not ready before its models have been tried, nor where none of them answers", async (t) => {
    const { server, readiness } = await serve(t, { broken });
    const before = serveDirectory(temporaryFolder(t), { port: 0, log: quiet });
    assert.deepEqual(await readiness(), unready);
    await server.models.settled();
    assert.deepEqual(await readiness(), unready);
    const empty = await before;
    t.after(() => empty.close());
    assert.equal((await fetch(`${empty.url}/health/ready`)).status, 200);
  });

  it("stays ready while a model that came later is loaded", async (t) => {
    const { server, root, readiness } = await serve(t, { good });
    await server.models.settled();
    putModel(root, "late/1", broken);
    for (
      let i = 0;
      i < 200 && !(await server.models.index()).some(({ name, error }) => name === "late" && error !== undefined);
      i++
    ) {
      assert.deepEqual((await readiness())[0], 200);
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.deepEqual(await readiness(), ready);
  });
});

describe("a project of which one model does not load", () => {
  it("goes by the same rule, and by the setting serving.strictReadiness", async (t) => {
    const root = temporaryFolder(t);
    putModel(root, "models/broken/1", broken);
    const handlers = {
      hello: handler({ name: "hello", access: "public", inference: (items: object[]) => items }),
      broken: handler({ name: "broken", source: "file:models/broken" }),
    };
    const asked = async (strictReadiness: boolean) => {
      const app = defineApp({ name: "shop", handlers });
      const settings = { apps: [app], root, secretKey: "k".repeat(40), serving: { strictReadiness } } as const;
      const site = await testSite(defineProject({ ...settings, database: "sqlite::memory:" }));
      try {
        await site.services.models.settled();
        return (await site.get("/health/ready")).status;
      } finally {
        await site.close();
      }
    };
    assert.equal(await asked(false), 200);
    assert.equal(await asked(true), 503);
  });
});
