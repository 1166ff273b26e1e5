import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, ModelServer, torchServeUrls } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { infer, readAnswer, startV2 } from "./open-inference-server.ts";
import { protocolSite } from "./protocol-site.ts";

const root = temporaryFolder();
for (const place of ["double/1", "double/2", "secret/1"]) putModel(root, place, timesModel(2));
const double = handler({ name: "double", access: "public", source: "file:double" });
const secret = handler({ name: "secret", source: "file:secret" });
const server = await startV2(root, [double, secret]);
after(() => server.close());

const ask = async (method: string, address: string, body?: object) => {
  const response = await fetch(`${server.url}/v2${address}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const answer = await readAnswer(response);
  return [answer.status, answer.body.error];
};

describe("what the Open Inference Protocol refuses, it refuses with what was possible", () => {
  it("names the public model, and the versions of one, that may have been meant", async () => {
    const near = `Request for unknown model: 'duoble' is not found. Did you mean "double"?`;
    assert.deepEqual(await ask("GET", "/models/duoble"), [404, near]);
    assert.deepEqual(await ask("POST", "/models/duoble/infer", {}), [404, near]);
    assert.deepEqual(await ask("GET", "/models/secrt"), [404, "Request for unknown model: 'secrt' is not found"]);
    const words = "Request for unknown model: 'double' version 9 is not found. It has: 2, 1.";
    assert.deepEqual(await ask("GET", "/models/double/versions/9"), [404, words]);
    const closed = "Request for unknown model: 'secret' version 9 is not found";
    assert.deepEqual(await ask("GET", "/models/secret/versions/9"), [404, closed]);
  });

  it("says which methods an address answers", async () => {
    const error = "Method Not Allowed: PUT is not allowed at /v2/models/double. It answers GET, HEAD, OPTIONS.";
    assert.deepEqual(await ask("PUT", "/models/double", {}), [405, error]);
  });

  it("says which input is none, what generate misses, and what an index is asked with", async () => {
    assert.deepEqual(await ask("POST", "/models/double/infer", { inputs: [5] }), [400, "inputs[0] is the number 5, and must be an object."]); // prettier-ignore
    assert.deepEqual(await ask("POST", "/models/double/generate", { y: 1 }), [400, "x is missing; the model takes x FP32 [-1, 2]."]); // prettier-ignore
    const index = 'ready is the string "yes", and must be true or false.';
    assert.deepEqual(await ask("POST", "/repository/index", { ready: "yes" }), [400, index]);
  });

  it("says how many bytes a raw request lacks", async () => {
    const headers = { "inference-header-content-length": "0" };
    const { status, body } = await infer(`${server.url}/v2/models/double/infer`, { head: "7 bytes", headers });
    assert.deepEqual([status, body.error], [400, "The body holds 7 bytes, and FP32 of the shape [1, 2] needs 8."]);
  });
});

describe("what TorchServe's addresses refuse", () => {
  it("names the model that may have been meant", async () => {
    const site = await protocolSite(torchServeUrls(), new ModelServer({ handlers: [double], root }));
    try {
      const { message } = (await (await fetch(`${site.url}/predictions/duoble`, { method: "POST", body: "{}" })).json()) as any;
      assert.equal(message, 'Model not found: duoble. Did you mean "double"?');
    } finally {
      await site.close();
    }
  });
});
