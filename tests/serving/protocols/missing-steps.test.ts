import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { include, path } from "cortado/http";
import { handler, ModelServer, modelUrls, pipeline, protocolUrls, publicOnly, startGrpc } from "cortado/serving";
import { GrpcClient } from "../clients/grpc-client.ts";
import { protocolSite } from "./protocol-site.ts";

const there = handler({ name: "there", access: "public", inference: (items: unknown[]) => items });
const through = pipeline({
  name: "through",
  access: "public",
  steps: { model: "missing", version: { model: there, version: "9" }, alias: { model: there, alias: "nobody" } },
  run: (step: "model" | "version" | "alias", steps) => steps[step](step),
});
const warnings: string[] = [];
const models = new ModelServer({ handlers: [there, through], log: { info() {}, warn() {} } });
const site = await protocolSite([...protocolUrls(["open-inference"]), path("api/", include(modelUrls()))], models);
const grpc = await startGrpc(models, { port: 0, authorizer: publicOnly, log: { warn: (line) => void warnings.push(line) } });
const client = new GrpcClient(grpc.address);
after(async () => {
  client.close();
  await grpc.close();
  await site.close();
});

const post = (address: string, body: object) =>
  fetch(`${site.url}${address}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const words = "Something went wrong in the server.";

describe("a pipeline whose step is not there", () => {
  for (const step of ["model", "version", "alias"])
    it(`because of its ${step} is a fault of the server, not of who asks the pipeline`, async () => {
      const items = { name: "items", datatype: "BYTES", shape: [1] };
      assert.equal((await post("/api/models/through/predict", { input: step })).status, 500);
      const infer = await post("/v2/models/through/infer", { inputs: [{ ...items, data: [JSON.stringify(step)] }] });
      assert.deepEqual([infer.status, await infer.json()], [500, { error: words }]);
      const contents = { bytes_contents: [Buffer.from(JSON.stringify(step))] };
      const { code, details } = await client.call("ModelInfer", { model_name: "through", inputs: [{ ...items, contents }] });
      assert.deepEqual([code, details], [13, words]);
      assert.match(
        warnings.pop()!,
        step === "model" ? /There is no model "missing"/ : /The model "there" has no (version|alias)/,
      );
    });
});
