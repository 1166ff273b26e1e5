import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { createServer, include, path, Resolver } from "cortado/http";
import { handler, healthUrls, ModelServer, modelUrls, openInferenceUrls, serveDirectory } from "cortado/serving";
import { z } from "zod";
import { chainModel, gatherModel, identityModel, putModel, temporaryFolder, timesModel } from "./models.ts";
import { refusal } from "./refused.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "double/2", timesModel(2));
putModel(root, "fixed/1", timesModel(2, 2, 1));
putModel(root, "scalar/1", identityModel("int64", []));
putModel(root, "text/1", identityModel("string", ["batch", 2]));
putModel(root, "flags/1", identityModel("bool", ["batch", 2]));
putModel(root, "half/1", identityModel("float16", ["batch", 2]));
putModel(root, "small/1", identityModel("uint8", ["batch", 2]));
putModel(root, "exact/1", identityModel("double", ["batch", 1]));
putModel(root, "gather/1", gatherModel());
const log = { info() {}, warn() {} };
const served = await serveDirectory(root, { port: 0, log });
await served.models.settled();
after(() => served.close());

interface Answer {
  status: number;
  text: string;
  body: any;
  headers: Headers;
}

async function ask(url: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
  const sent = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const method = body === undefined ? "GET" : "POST";
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(url, {
    method,
    body: sent,
    ...init,
    headers: { ...type, ...(init.headers as Record<string, string>) },
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : undefined, headers: response.headers };
}

const api = (address: string, body?: unknown, init?: RequestInit) => ask(`${served.url}/api/${address}`, body, init);
const v2 = (address: string, body?: unknown, init?: RequestInit) => ask(`${served.url}/v2${address}`, body, init);
const predict = (model: string, input: unknown) => api(`models/${model}/predict`, { input });
const infer = (model: string, datatype: string, { shape, data }: { shape: unknown; data: unknown }) =>
  v2(`/models/${model}/infer`, { inputs: [{ name: "x", datatype, shape, data }] });

describe("predicting over /api", () => {
  it("answers one input with one output, and says which version answered and how long it took", async () => {
    const { status, body, headers } = await predict("double", { x: [1, 2.5] });
    assert.equal(status, 200);
    assert.match(body.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual({ ...body, id: "" }, { id: "", output: { y: [2, 5] }, model: "double", version: "2" });
    assert.equal(headers.get("cortado-model"), "double@2");
    assert.match(headers.get("server-timing")!, /^queue;dur=[\d.]+, run;dur=[\d.]+$/);
  });

  it("answers many inputs in their order", async () => {
    const { body } = await api("models/double/predict", { inputs: [{ x: [1, 2] }, { x: [3, 4] }] });
    assert.deepEqual(body.outputs, [{ y: [2, 4] }, { y: [6, 8] }]);
    assert.deepEqual((await api("models/double/predict", { inputs: [] })).body.outputs, []);
  });

  it("answers for versions and aliases at their own addresses", async () => {
    assert.equal((await api("models/double/versions/1/predict", { input: { x: [1, 2] } })).body.version, "1");
    assert.equal((await api("models/double/aliases/default/predict", { input: { x: [1, 2] } })).body.version, "2");
  });

  it("takes a row where the first size may vary, and the whole where it is fixed", async () => {
    assert.deepEqual((await predict("fixed", { x: [[1, 2]] })).body.output, { y: [[2, 4]] });
    assert.deepEqual((await predict("scalar", { x: 5 })).body.output, { y: 5 });
    assert.deepEqual((await predict("text", { x: ["a", "ü"] })).body.output, { y: ["a", "ü"] });
    assert.deepEqual((await predict("flags", { x: [true, 0] })).body.output, { y: [true, false] });
    assert.deepEqual((await predict("half", { x: [0.5, 2] })).body.output, { y: [0.5, 2] });
  });

  it("keeps integers beyond 2^53 exact, and writes numbers that JSON lacks as readers take them", async () => {
    assert.match((await predict("scalar", { x: 1 })).text, /"y":1\}/);
    const { text } = await api("models/scalar/predict", '{"input": {"x": -9007199254740993}}');
    assert.match(text, /\{"y":-9007199254740993\}/);
    assert.match((await api("models/exact/predict", '{"input": {"x": [1e999]}}')).text, /\{"y":\[1e999\]\}/);
    assert.match((await api("models/exact/predict", '{"input": {"x": [null]}}')).text, /\{"y":\[null\]\}/);
    assert.match((await predict("exact", { x: [0.1] })).text, /\{"y":\[0\.1\]\}/);
  });

  it("refuses what the model does not take with 400, naming place, given and allowed", async () => {
    const cases: [string, unknown, string, string?][] = [
      ["double", { x: [1, 2, 3] }, "input.x has the shape [3], and must be an array of the shape [2]."],
      [
        "double",
        { x: [[1, 2]] },
        "input.x has the shape [1, 2], and must be an array of the shape [2].",
        "One item is one row: leave out the first dimension.",
      ],
      ["double", { x: "no" }, 'input.x is the string "no", and must be an array of the shape [2].'],
      ["double", { x: [1, "2"] }, 'input.x has the string "2" as element 1, and FP32 takes numbers, or null for NaN.'],
      ["double", { x: [1, [2]] }, "input.x has an array of 1 as element 1, and FP32 takes numbers, or null for NaN."],
      ["fixed", { x: [[1]] }, "input.x has the shape [1, 1], and must be an array of the shape [1, 2]."],
      ["double", {}, "input.x is missing; the model takes x FP32 [2]."],
      ["double", { x: [1, 2], y: 1 }, 'input has "y", which the model does not take; it takes x FP32 [2].', 'Did you mean "x"?'],
      ["double", [1, 2], "input is an array of 2, and must be an object with x FP32 [2]."],
      ["small", { x: [256, 0] }, "input.x has the number 256 as element 0, and UINT8 takes whole numbers from 0 to 255."],
      [
        "scalar",
        { x: 1.5 },
        "input.x has the number 1.5 as element 0, and INT64 takes whole numbers from -9223372036854775808 to 9223372036854775807.",
      ],
      ["text", { x: ["a", 1] }, "input.x has the number 1 as element 1, and BYTES takes strings."],
      ["flags", { x: [true, 2] }, "input.x has the number 2 as element 1, and BOOL takes true or false."],
    ];
    for (const [model, input, message, hint] of cases) {
      const { status, body } = await predict(model, input);
      assert.deepEqual([status, body.error], [400, { code: "SERVING_BAD_INPUT", message, ...(hint ? { hint } : {}) }]);
    }
  });

  it("refuses a body of another form with 400, 413 or 415", async () => {
    assert.equal((await api("models/double/predict", { x: [1, 2] })).body.error.hint, 'Put the values inside: {"input": {…}}.');
    assert.match((await api("models/double/predict", { input: {}, inputs: [] })).body.error.message, /has both of/);
    assert.match((await api("models/double/predict", {})).body.error.message, /has neither of/);
    assert.match(
      (await api("models/double/predict", { inputs: {} })).body.error.message,
      /^inputs is an object, and must be an array of items\./,
    );
    assert.match(
      (await api("models/double/predict", "[]")).body.error.message,
      /^The body is an empty array, and must be an object\./,
    );
    assert.equal((await api("models/double/predict", "{")).status, 400);
    assert.equal((await api("models/double/predict", `${"[".repeat(10_000)}`)).status, 400);
    assert.equal((await api("models/double/predict", '{"input": {"__proto__": [1, 2]}}')).status, 400);
    assert.equal((await api("models/double/predict", "x", { headers: { "content-type": "text/plain" } })).status, 415);
    const items = Array.from({ length: 300 }, () => ({ x: [1, 2] }));
    assert.match(
      (await api("models/double/predict", { inputs: items })).body.error.message,
      /^inputs holds 300 items, and 256 are taken at once\./,
    );
    const big = await api("models/double/predict", `{"input": "${"x".repeat(65 * 2 ** 20)}"}`).catch(() => undefined);
    assert.ok(big === undefined || big.status === 413);
  });

  it("answers 422 for data that the model itself refuses, and shows nothing of the server", async () => {
    const { status, body } = await predict("gather", { x: 77 });
    assert.equal(status, 422);
    assert.match(body.error.message, /idx=77/);
    assert.doesNotMatch(body.error.message, /node_modules|onnxruntime_src|\.cc/);
  });

  it("answers 404 with the nearest name, and 405 with what is allowed", async () => {
    const unknown = await predict("duoble", { x: [1, 2] });
    assert.deepEqual(
      [unknown.status, unknown.body.error.code, unknown.body.error.hint],
      [404, "SERVING_UNKNOWN_MODEL", 'Did you mean "double"?'],
    );
    assert.equal((await api("models/double/versions/7/predict", { input: {} })).status, 404);
    assert.equal(
      (await api("models/double/versions/one/predict", { input: {} })).body.error.hint,
      "A version is a number; other names are aliases.",
    );
    assert.equal((await api("models/double/aliases/none/predict", { input: {} })).status, 404);
    assert.equal((await api("models/%2e%2e%2fetc/predict", { input: {} })).status, 404);
    assert.equal((await api("models/double/predict", undefined)).status, 405);
  });

  it("answers addresses that it does not have in JSON too, whatever the client accepts", async () => {
    const { status, body } = await api("nope", undefined);
    assert.deepEqual([status, body.error.code], [404, "HTTP_NOT_FOUND"]);
    assert.equal((await api("models/double/versions/1/nope", {})).body.error.code, "HTTP_NOT_FOUND");
  });

  it("lists and describes models and versions", async () => {
    const { body } = await api("models");
    const listed = body.models.find((model: { name: string }) => model.name === "double");
    assert.equal(listed.runtime, "onnx");
    const described = (await api("models/double")).body;
    assert.equal(described.runtime, "onnx");
    assert.deepEqual(described.aliases, { default: "2" });
    assert.deepEqual(described.signature.inputs, [{ name: "x", datatype: "FP32", shape: [-1, 2] }]);
    assert.deepEqual(
      (await api("models/double/versions")).body.versions.map((each: { version: string }) => each.version),
      ["2", "1"],
    );
    assert.equal((await api("models/double/versions/2")).body.state, "ready");
  });

  it("tells that training and the like need a project, to those who may know", async () => {
    assert.equal((await api("models/double/train", {})).status, 401);
    assert.equal((await api("runs")).status, 401);
    assert.equal((await api("models/double/aliases/x", "{}", { method: "PUT" })).status, 401);
  });
});

describe("the Open Inference Protocol", () => {
  it("tells the server's name and whether it is ready", async () => {
    const { extensions, ...server } = (await v2("")).body;
    assert.deepEqual(server, { name: "cortado", version: "0.1.0" });
    assert.ok(extensions.includes("binary_tensor_data"));
    assert.deepEqual((await v2("/health/live")).body, { live: true });
    assert.deepEqual((await v2("/health/ready")).body, { ready: true });
    assert.deepEqual((await ask(`${served.url}/health/ready`)).body, { ready: true });
  });

  it("describes a model, with its versions as strings", async () => {
    assert.deepEqual((await v2("/models/double")).body, {
      name: "double",
      versions: ["1", "2"],
      platform: "onnxruntime_onnx",
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
      outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
    });
    assert.deepEqual((await v2("/models/double/versions/1")).body.versions, ["1"]);
    assert.deepEqual((await v2("/models/double/ready")).body, { name: "double", ready: true });
    assert.deepEqual((await v2("/models/double/versions/1/ready")).body, { name: "double", ready: true });
  });

  it("answers flat and nested data, ids and chosen outputs, whatever the query says", async () => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [2, 2], data: [1, 2, 3, 4] }];
    const wanted = {
      model_name: "double",
      model_version: "2",
      id: "42",
      outputs: [{ name: "y", datatype: "FP32", shape: [2, 2], data: [2, 4, 6, 8] }],
    };
    assert.deepEqual(
      (await v2("/models/double/infer?x=1", { id: "42", parameters: { priority: 1 }, inputs, outputs: [{ name: "y" }] })).body,
      wanted,
    );
    const nested = await infer("double", "FP32", {
      shape: [2, 2],
      data: [
        [1, 2],
        [3, 4],
      ],
    });
    assert.deepEqual(nested.body.outputs, wanted.outputs);
    assert.equal((await v2("/models/double/versions/1/infer", { inputs })).body.model_version, "1");
  });

  it("reads JSON under any content type, and tensors as bytes after it", async () => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }];
    const curl = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    assert.equal((await v2("/models/double/infer", { inputs }, curl)).status, 200);
    const head = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], parameters: { binary_data_size: 8 } }],
      outputs: [{ name: "y", parameters: { binary_data: true } }],
    });
    const response = await fetch(`${served.url}/v2/models/double/infer`, {
      method: "POST",
      headers: { "inference-header-content-length": String(head.length) },
      body: Buffer.concat([Buffer.from(head), Buffer.from(Float32Array.of(1, 2).buffer)]),
    });
    const answer = Buffer.from(await response.arrayBuffer());
    const at = Number(response.headers.get("inference-header-content-length"));
    assert.deepEqual(JSON.parse(answer.toString("utf8", 0, at)).outputs[0].parameters, { binary_data_size: 8 });
    assert.deepEqual([answer.readFloatLE(at), answer.readFloatLE(at + 4)], [2, 4]);
  });

  it("carries every datatype that JSON can", async () => {
    assert.deepEqual((await infer("text", "BYTES", { shape: [1, 2], data: ["a", "b"] })).body.outputs[0].data, ["a", "b"]);
    assert.deepEqual((await infer("flags", "BOOL", { shape: [1, 2], data: [true, false] })).body.outputs[0].data, [true, false]);
    assert.deepEqual((await infer("scalar", "INT64", { shape: [], data: [7] })).body.outputs[0], {
      name: "y",
      datatype: "INT64",
      shape: [],
      data: [7],
    });
    assert.deepEqual((await infer("small", "UINT8", { shape: [1, 2], data: [255, 0] })).body.outputs[0].data, [255, 0]);
    assert.match(
      (await v2("/models/scalar/infer", '{"inputs":[{"name":"x","datatype":"INT64","shape":[],"data":[9007199254740993]}]}'))
        .text,
      /9007199254740993/,
    );
    assert.match((await infer("half", "FP16", { shape: [1, 2], data: [1, 2] })).body.error, /FP16, which has no form in JSON/);
  });

  it("refuses what does not fit with 400 and a sentence", async () => {
    const cases: [unknown, RegExp][] = [
      [
        { inputs: [{ name: "x", datatype: "FP64", shape: [1, 2], data: [1, 2] }] },
        /datatype is the string "FP64", and the model takes FP32 for "x"/,
      ],
      [
        { inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }] },
        /has the shape \[1, 3\], the model takes \[-1, 2\]/,
      ],
      [
        { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1] }] },
        /holds 1 elements, and the shape \[1, 2\] needs 2/,
      ],
      [{ inputs: [{ name: "x", datatype: "FP32", shape: [2 ** 32, 2 ** 32], data: [1] }] }, /holds more than 67108864 elements/],
      [{ inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2], data: [1] }] }, /must be an array of whole numbers from 0/],
      [{ inputs: [{ name: "x", datatype: "FP32", shape: "2", data: [1] }] }, /is the string "2", and must be an array/],
      [{ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2] }] }, /data is missing, and must be an array/],
      [{ inputs: [] }, /inputs\.x is missing/],
      [
        { inputs: [{ name: "__proto__", datatype: "FP32", shape: [1, 2], data: [1, 2] }] },
        /has "__proto__", which the model does not take/,
      ],
      [{ inputs: 1 }, /must be an array of tensors/],
      [{ inputs: [null] }, /inputs\[0\] is null, and must be an object/],
      [{ id: 1, inputs: [] }, /id is the number 1, and must be a string/],
    ];
    for (const [body, message] of cases) {
      const answer = await v2("/models/double/infer", body);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.body.error, message);
    }
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }];
    assert.match((await v2("/models/double/infer", { inputs: [...inputs, ...inputs] })).body.error, /has "x" twice/);
    assert.match(
      (await v2("/models/double/infer", { inputs, outputs: [{ name: "y" }, { name: "y" }] })).body.error,
      /has "y" twice/,
    );
    assert.match(
      (await v2("/models/double/infer", { inputs, outputs: [{ name: "z" }] })).body.error,
      /has "z"; the model gives y/,
    );
  });

  it("answers unknown models with 404 and other verbs with 405, in its own shape", async () => {
    for (const address of ["/models/nope", "/models/nope/ready", "/models/double/versions/9"]) {
      const { status, body } = await v2(address);
      assert.equal(status, 404);
      assert.match(body.error, /Request for unknown model/);
    }
    assert.match((await infer("nope", "FP32", { shape: [1], data: [1] })).body.error, /Request for unknown model/);
    assert.deepEqual((await v2("/models/double/infer", "{}", { method: "DELETE" })).body, {
      error: "Method Not Allowed: DELETE is not allowed at /v2/models/double/infer. It answers POST, OPTIONS.",
    });
    const { status, body } = await v2("/nope");
    assert.deepEqual([status, body], [404, { error: "There is nothing at /v2/nope." }]);
  });
});

describe("a served folder", () => {
  it("says at its first address where to go, and in the terminal what is no model", async () => {
    const { status, body } = await ask(`${served.url}/`);
    assert.equal(status, 200);
    assert.equal(body.addresses.models, "/api/models");
    const folder = temporaryFolder();
    mkdirSync(join(folder, "notes"));
    mkdirSync(join(folder, "v1style", "v1"), { recursive: true });
    const other = await serveDirectory(folder, { port: 0, log });
    after(() => other.close());
    assert.deepEqual(other.notices, [
      "notes is passed over: it has no version in it, such as notes/1/model.onnx.",
      "v1style is passed over: it has no version in it, such as v1style/1/model.onnx.",
    ]);
    mkdirSync(join(folder, "double", "1"), { recursive: true });
    const inside = await serveDirectory(join(folder, "double"), { port: 0, log });
    after(() => inside.close());
    assert.match(inside.notices[0]!, /holds the versions of one model\. Serve the folder above it: double is the model then\.$/);
  });

  it("says of its models who may ask them", async () => {
    assert.equal((await api("models/double")).body.access, "public");
  });

  it("answers nobody who calls it by another name", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(`${served.url}/api/models`, { headers: { host: "evil.example" } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    assert.equal(status, 400);
  });

  it("asks for tokens where it is not on loopback", async () => {
    await assert.rejects(
      serveDirectory(root, { host: "0.0.0.0", port: 0 }),
      refusal({
        code: "SERVING_OPEN_ADDRESS",
        message: "Listening on 0.0.0.0 lets other machines in, and nothing says who may predict.",
        hint: "Add --token-file FILE, or --open to let everyone in.",
      }),
    );
    const tokenFile = join(temporaryFolder(), "tokens");
    writeFileSync(tokenFile, "# who may what\npredict 0123456789abcdef\nmanage,train fedcba9876543210\n");
    const guarded = await serveDirectory(root, { host: "0.0.0.0", port: 0, tokenFile, log });
    const url = guarded.url.replace("0.0.0.0", "127.0.0.1");
    const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    try {
      const input = { input: { x: [1, 2] } };
      assert.equal((await ask(`${url}/api/models/double/predict`, input)).status, 401);
      assert.equal((await ask(`${url}/v2/models/double`)).status, 401);
      assert.equal((await ask(`${url}/api/models`)).status, 401);
      assert.equal((await ask(`${url}/health/live`)).status, 200);
      assert.equal((await ask(`${url}/api/models/double/predict`, input, bearer("0123456789abcdeX"))).status, 401);
      assert.equal((await ask(`${url}/api/models/double/predict`, input, bearer("0123456789abcdef"))).status, 200);
      assert.equal((await ask(`${url}/api/models/double/predict`, input, bearer("fedcba9876543210"))).status, 403);
      assert.equal((await ask(`${url}/api/models/double/train`, {}, bearer("0123456789abcdef"))).status, 403);
      const train = await ask(`${url}/api/models/double/train`, {}, bearer("fedcba9876543210"));
      assert.deepEqual([train.status, train.body.error.code], [501, "SERVING_NEEDS_PROJECT"]);
      assert.equal(
        train.body.error.message,
        "Training needs a project with its database; this server serves a folder of models.",
      );
      assert.equal(train.body.error.hint, "Make one with npm create cortado@latest.");
    } finally {
      await guarded.close();
    }
  });

  it("refuses a file of tokens that is none, and a folder that is not there", async () => {
    const tokenFile = join(temporaryFolder(), "tokens");
    const hint = "Each line is a token of 16 or more characters, or its scopes and the token: predict,manage 3f9c…";
    for (const [text, problem] of [
      ["", "holds no token"],
      ["fly 0123456789abcdef", "has an unknown scope in line 1"],
      ["predict x 0123456789abcdef", "has more than scopes and a token in line 1"],
    ]) {
      writeFileSync(tokenFile, text!);
      await assert.rejects(
        serveDirectory(root, { tokenFile }),
        refusal({ code: "SERVING_BAD_TOKEN_FILE", message: `The token file ${tokenFile} ${problem}.`, hint }),
      );
    }
    await assert.rejects(
      serveDirectory("/nowhere"),
      refusal({
        code: "SERVING_NO_DIRECTORY",
        message: "There is no folder /nowhere to serve.",
        hint: "Make it, and put a model in it: DIR/NAME/1/model.onnx.",
      }),
    );
    await assert.rejects(
      serveDirectory(tokenFile),
      refusal({
        code: "SERVING_NO_DIRECTORY",
        message: `${tokenFile} is a file, and serving takes a folder of models.`,
        hint: "Give the folder that it lies in.",
      }),
    );
  });
});

describe("a project's model routes", () => {
  const open = handler({
    name: "open",
    access: "public",
    deadline: 150,
    queue: { maxSize: 2 },
    batch: false,
    input: z.object({ wait: z.number().max(1000) }),
    inference: async (items) => Promise.all(items.map(({ wait }) => sleep(wait, { wait }))),
  });
  const closed = handler({ name: "closed", inference: (items) => items });
  const hidden = handler({ name: "hidden", access: "public", source: "file:double", expose: { tensors: false } });

  async function withProject(work: (url: string) => Promise<void>): Promise<void> {
    const models = new ModelServer({ handlers: [open, closed, hidden], root });
    const settings = { apps: [], secretKey: "k", debug: false, mode: "test", root, allowedHosts: ["127.0.0.1"] } as any;
    const resolver = new Resolver([
      path("api/", include(modelUrls())),
      path("v2/", include(openInferenceUrls())),
      ...healthUrls(),
    ]);
    const server = await createServer({ services: { settings, models }, resolver });
    await models.start();
    await models.settled();
    await server.listen({ port: 0, host: "127.0.0.1" });
    try {
      await work(`http://127.0.0.1:${(server.server.address() as { port: number }).port}`);
    } finally {
      await server.close();
      await models.close();
    }
  }

  it("are open for public models and closed for others, until someone decides", () =>
    withProject(async (url) => {
      assert.equal((await ask(`${url}/api/models/open/predict`, { input: { wait: 0 } })).status, 200);
      assert.equal((await ask(`${url}/api/models/closed/predict`, { input: {} })).status, 401);
      const names = (await ask(`${url}/api/models`)).body.models.map((model: { name: string }) => model.name);
      assert.deepEqual(names, ["hidden", "open"]);
      assert.equal((await ask(`${url}/v2/models/hidden`)).status, 404);
      assert.equal((await ask(`${url}/v2/models/open`)).status, 200);
    }));

  it("answer 503 with Retry-After when the queue is full, 504 past the deadline, and recover", () =>
    withProject(async (url) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => ask(`${url}/api/models/open/predict`, { input: { wait: 400 } })),
      );
      const statuses = answers.map((answer) => answer.status);
      assert.deepEqual(new Set(statuses), new Set([503, 504]));
      const full = answers.find((answer) => answer.status === 503)!;
      assert.ok(Number(full.headers.get("retry-after")) >= 1);
      assert.equal(full.body.error.code, "SERVING_QUEUE_FULL");
      assert.equal((await ask(`${url}/health/live`)).status, 200);
      await sleep(300);
      assert.equal((await ask(`${url}/api/models/open/predict`, { input: { wait: 0 } })).status, 200);
    }));

  it("name every problem that a schema finds", () =>
    withProject(async (url) => {
      const { status, body } = await ask(`${url}/api/models/open/predict`, { inputs: [{ wait: 1 }, { wait: "long" }] });
      assert.equal(status, 400);
      assert.match(body.error.message, /^inputs\[1\] does not fit: inputs\[1\]\.wait: /);
    }));
});

describe("overload", () => {
  it("of one model does not touch another", async () => {
    const folder = temporaryFolder();
    putModel(folder, "slow/1", chainModel(20, 384));
    putModel(folder, "double/1", timesModel(2));
    const other = await serveDirectory(folder, { port: 0, log });
    await other.models.settled();
    try {
      const x = Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0));
      const slow = Promise.all(Array.from({ length: 4 }, () => ask(`${other.url}/api/models/slow/predict`, { input: { x } })));
      for (let i = 0; i < 20; i++)
        assert.equal((await ask(`${other.url}/api/models/double/predict`, { input: { x: [i, i] } })).status, 200);
      assert.ok((await slow).every((answer) => answer.status === 200));
    } finally {
      await other.close();
    }
  });
});
