import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { promisify } from "node:util";
import { handler, MemoryAliasStore, ModelServer, serveDirectory, tensorFlowServingUrls } from "cortado/serving";
import { identityModel, putModel, temporaryFolder } from "../models.ts";
import { classifier, halfPlus, twoInputs, unevenRows } from "./half-plus.ts";
import { protocolSite } from "./protocol-site.ts";

const root = temporaryFolder();
putModel(root, "half_plus_two/123", halfPlus(2));
putModel(root, "half_plus_three/1", halfPlus(3));
putModel(root, "versions/1", halfPlus(1));
putModel(root, "versions/2", halfPlus(2));
putModel(root, "two/1", twoInputs());
putModel(root, "classes/1", classifier());
putModel(root, "uneven/1", unevenRows());
putModel(root, "column/1", halfPlus(2, ["batch", 1]));
putModel(root, "whole/1", identityModel("int64", ["batch"]));
putModel(root, "exact/1", identityModel("double", ["batch"]));
putModel(root, "text/1", identityModel("string", ["batch"]));
putModel(root, "image/1", identityModel("string", ["batch"], { output: "image_bytes" }));
putModel(root, "flags/1", identityModel("bool", ["batch"]));
putModel(root, "scalar/1", identityModel("float", []));
putModel(root, "broken/1", halfPlus(2));
writeFileSync(join(root, "broken/1/model.onnx"), "no model");
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

async function ask(address: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${served.url}/v1/models${address}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined ? {} : { body: sent }),
    ...init,
  });
  const text = await response.text();
  return { status: response.status, text, body: parsed(text), headers: response.headers };
}

/** What reads as JSON; answers with bare tokens do not. */
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const run = promisify(execFile);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

/** What a documented command prints, asked of this server. */
async function shell(command: string): Promise<string> {
  const { stdout } = await run("sh", ["-c", command.replaceAll("http://localhost:8501", served.url)]);
  return stdout;
}

describe("the documented calls of TensorFlow Serving", { skip: hasCurl ? false : "curl is not here" }, () => {
  it("predict, as a form that curl sends", async () => {
    const answer = await shell(
      `curl -s -d '{"instances": [1.0, 2.0, 5.0]}' -X POST http://localhost:8501/v1/models/half_plus_two:predict`,
    );
    assert.equal(answer, '{\n    "predictions": [2.5, 3.0, 4.5]\n}');
  });

  it("predict by the other example model", async () => {
    const answer = await shell(
      `curl -s -d '{"instances": [1.0,2.0,5.0]}' -X POST http://localhost:8501/v1/models/half_plus_three:predict`,
    );
    assert.equal(answer, '{\n    "predictions": [3.5, 4.0, 5.5]\n}');
  });

  it("regress examples by a named signature", async () => {
    const answer = await shell(
      `curl -s -d '{"signature_name": "regress_x_to_y", "examples": [{"x": 1.0}, {"x": 2.0}]}' ` +
        `-X POST http://localhost:8501/v1/models/half_plus_three:regress`,
    );
    assert.equal(answer, '{\n    "results": [3.5, 4.0]\n}');
  });

  it("ask a model that is not served, and are told so", async () => {
    const answer = await shell(
      `curl -s -i -d '{"instances": [1.0,2.0,5.0]}' -X POST http://localhost:8501/v1/models/half:predict`,
    );
    assert.match(answer, /^HTTP\/1\.1 404 Not Found\r\n/);
    assert.match(answer, /content-type: application\/json\b/i);
    assert.ok(answer.endsWith('{\n    "error": "Servable not found for request: Latest(half)"\n}'), answer);
  });

  it("ask for the status of a model", async () => {
    const answer = await shell("curl -s http://localhost:8501/v1/models/half_plus_two");
    assert.deepEqual(JSON.parse(answer), {
      model_version_status: [{ version: "123", state: "AVAILABLE", status: { error_code: "OK", error_message: "" } }],
    });
  });

  it("ask for the metadata of a model", async () => {
    const answer = await shell("curl -s http://localhost:8501/v1/models/half_plus_two/metadata");
    const info = (name: string) => ({
      dtype: "DT_FLOAT",
      tensor_shape: { dim: [{ size: "-1", name: "" }], unknown_rank: false },
      name: `${name}:0`,
    });
    assert.deepEqual(JSON.parse(answer), {
      model_spec: { name: "half_plus_two", signature_name: "", version: "123" },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: { x: info("x") },
              outputs: { y: info("y") },
              method_name: "tensorflow/serving/predict",
              defaults: {},
            },
          },
        },
      },
    });
  });
});

describe("predicting over /v1", () => {
  it("takes a packed body, here and on /api", async () => {
    const send = (address: string, body: object) =>
      fetch(served.url + address, {
        method: "POST",
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
        body: new Uint8Array(gzipSync(JSON.stringify(body))),
      });
    const rows = await send("/v1/models/half_plus_two:predict", { inputs: [1, 2] });
    assert.deepEqual([rows.status, await rows.json()], [200, { outputs: [2.5, 3] }]);
    const one = await send("/api/models/half_plus_two/predict", { input: { x: 1 } });
    assert.equal(one.status, 200, await one.text());
  });

  it("refuses a body that is not UTF-8, also where it has bare tokens", async () => {
    const body = Buffer.from('{"inputs": [NaN], "signature_name": "\u00e9"}', "latin1");
    const refused = await fetch(`${served.url}/v1/models/half_plus_two:predict`, { method: "POST", body });
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /The body is not UTF-8/);
  });

  it("takes columns, and answers a single output by its values alone", async () => {
    const { status, body, headers } = await ask("/half_plus_two:predict", { inputs: [1, 2, 5] });
    assert.deepEqual([status, body], [200, { outputs: [2.5, 3, 4.5] }]);
    assert.equal(headers.get("cortado-model"), "half_plus_two@123");
    assert.match(headers.get("server-timing")!, /^queue;dur=/);
    assert.deepEqual((await ask("/half_plus_two:predict", { inputs: { x: [1] } })).body, { outputs: [2.5] });
    assert.deepEqual((await ask("/scalar:predict", { inputs: 3 })).body, { outputs: 3 });
  });

  it("takes rows of named inputs, and answers rows of named outputs", async () => {
    const instances = [
      { a: [1, 2], b: [3, 4] },
      { b: [1, 1], a: [5, 5] },
    ];
    const { body, text } = await ask("/two:predict", { signature_name: "serving_default", instances });
    assert.deepEqual(body.predictions, [
      { sum: [4, 6], difference: [-2, -2] },
      { sum: [6, 6], difference: [4, 4] },
    ]);
    assert.match(text, /"sum": \[4\.0, 6\.0\]/);
    const columns = { inputs: { a: [[1, 2]], b: [[3, 4]] } };
    assert.deepEqual((await ask("/two:predict", columns)).body, { outputs: { sum: [[4, 6]], difference: [[-2, -2]] } });
  });

  it("answers for versions at their addresses, whatever the case of the letters and the query", async () => {
    assert.deepEqual((await ask("/versions:predict", { instances: [2] })).body.predictions, [3]);
    assert.deepEqual((await ask("/versions/versions/1:predict", { instances: [2] })).body.predictions, [2]);
    assert.deepEqual((await ask("/versions/VERSIONS/001:Predict?x=1", { instances: [2] })).body.predictions, [2]);
  });

  it("answers for labels, which are aliases", async () => {
    const aliases = new MemoryAliasStore();
    const models = new ModelServer({ directories: [root], aliases, access: "public", log });
    const site = await protocolSite(tensorFlowServingUrls(), models);
    try {
      await models.setAlias("versions", "stable", { version: "1" });
      const ask = (address: string, init?: RequestInit) => fetch(`${site.url}/v1/models${address}`, init);
      const predicted = await ask("/versions/labels/stable:predict", { method: "POST", body: '{"instances": [2]}' });
      assert.deepEqual(await predicted.json(), { predictions: [2] });
      const status = (await (await ask("/versions/labels/stable")).json()) as any;
      assert.deepEqual(
        status.model_version_status.map(({ version }: any) => version),
        ["1"],
      );
      const metadata = (await (await ask("/versions/labels/stable/metadata")).json()) as any;
      assert.equal(metadata.model_spec.version, "1");
      const unknown = await ask("/versions/labels/canary:predict", { method: "POST", body: '{"instances": [2]}' });
      assert.equal(unknown.status, 400);
      assert.deepEqual(await unknown.json(), { error: "Unrecognized servable version label: canary" });
    } finally {
      await site.close();
    }
  });

  it("keeps numbers exact: 64-bit integers, doubles, and the shortest form of single precision", async () => {
    const { text } = await ask("/whole:predict", '{"instances": [9007199254740993, -9223372036854775808]}');
    assert.match(text, /\[9007199254740993, -9223372036854775808\]/);
    assert.match((await ask("/exact:predict", { instances: [0.1, 1e300] })).text, /\[0\.1, 1e\+300\]/);
    assert.match((await ask("/half_plus_two:predict", { instances: [0.2, 3] })).text, /\[2\.1, 3\.5\]/);
  });

  it("reads and writes NaN and infinities as bare tokens, and leaves strings alone", async () => {
    const { text, status } = await ask("/exact:predict", '{"instances": [NaN, Infinity, -Infinity, 1e999]}');
    assert.equal(status, 200, text);
    assert.match(text, /\[NaN, Infinity, -Infinity, Infinity\]/);
    const kept = await ask("/text:predict", '{"instances": ["NaN", "\\"Infinity", "-Infinity,"]}');
    assert.match(kept.text, /\["NaN", "\\"Infinity", "-Infinity,"\]/);
  });

  it("reads strings in base64, and writes those of outputs ending in _bytes so", async () => {
    const b64 = Buffer.from("grüße").toString("base64");
    assert.deepEqual((await ask("/text:predict", { instances: [{ b64 }, "a"] })).body, { predictions: ["grüße", "a"] });
    assert.deepEqual((await ask("/image:predict", { instances: ["grüße"] })).body, { predictions: [{ b64 }] });
    const binary = { instances: [{ b64: "/w==" }] };
    assert.match((await ask("/text:predict", binary)).body.error, /holds no UTF-8 text/);
  });

  it("writes booleans as booleans", async () => {
    assert.deepEqual((await ask("/flags:predict", { instances: [true, false] })).body, { predictions: [true, false] });
  });
});

describe("classify and regress", () => {
  it("classify gives each example's labels with their scores", async () => {
    const examples = [
      { x: [0.25, 0.75], names: ["cat", "dog"] },
      { x: [0.5, 0.5], names: ["cat", "dog"] },
    ];
    const { body } = await ask("/classes:classify", { examples });
    assert.deepEqual(body, {
      results: [
        [
          ["cat", 0.25],
          ["dog", 0.75],
        ],
        [
          ["cat", 0.5],
          ["dog", 0.5],
        ],
      ],
    });
    const shared = { context: { names: ["a", "b"] }, examples: [{ x: [1, 2] }] };
    assert.deepEqual((await ask("/classes:classify", shared)).body.results, [
      [
        ["a", 1],
        ["b", 2],
      ],
    ]);
  });

  it("regress takes a value or a list of one, for inputs of one number", async () => {
    assert.deepEqual((await ask("/column:regress", { examples: [{ x: 1 }, { x: [2] }] })).body, { results: [2.5, 3] });
    assert.deepEqual((await ask("/half_plus_two:regress", { examples: [{ x: [2] }] })).body, { results: [3] });
  });

  it("refuse a model whose outputs are not for it, and examples that do not fit", async () => {
    const wrong = await ask("/two:regress", { examples: [{ a: [1, 2], b: [1, 2] }] });
    assert.equal(wrong.status, 400);
    assert.match(wrong.body.error, /cannot regress: that needs one output of one number for each example.*Ask it by :predict\./);
    assert.match((await ask("/two:classify", { examples: [{ a: [1, 2], b: [1, 2] }] })).body.error, /cannot classify/);
    assert.match((await ask("/column:regress", { examples: [] })).body.error, /examples is an empty array/);
    assert.match((await ask("/column:regress", { examples: [{ y: 1 }] })).body.error, /examples\[0\] has "y"/);
    assert.match((await ask("/column:regress", { context: 1, examples: [{}] })).body.error, /context is the number 1/);
  });
});

describe("what /v1 refuses", () => {
  const refused = async (address: string, body: unknown, wanted: { status: number; error: RegExp | string }) => {
    const { status, body: answer } = await ask(address, body);
    assert.equal(status, wanted.status, JSON.stringify(answer));
    if (typeof wanted.error === "string") assert.equal(answer.error, wanted.error);
    else assert.match(answer.error, wanted.error);
  };

  it("asks for the model's name", async () => {
    await refused("", undefined, { status: 400, error: "Missing model name in request." });
    await refused("/", undefined, { status: 400, error: "Missing model name in request." });
  });

  it("names models and versions that are not there in its clients' words", async () => {
    await refused("/half", undefined, { status: 404, error: "Could not find any versions of model half" });
    await refused("/versions/versions/9", undefined, { status: 404, error: "Could not find version 9 of model versions" });
    const specific = "Servable not found for request: Specific(versions, 9)";
    await refused("/versions/versions/9:predict", { instances: [1] }, { status: 404, error: specific });
    await refused("/versions/versions/9/metadata", undefined, { status: 404, error: specific });
  });

  it("tells malformed addresses and wrong methods", async () => {
    await refused("/two:explain", { instances: [] }, { status: 400, error: "Malformed request: POST /v1/models/two:explain" });
    await refused("/two/versions/1/labels/a:predict", {}, { status: 400, error: /^Malformed request: POST/ });
    await refused("/two:predict", undefined, { status: 400, error: "Malformed request: GET /v1/models/two:predict" });
    assert.equal((await ask("/two", undefined, { method: "DELETE" })).status, 400);
    assert.equal((await ask("/two", undefined, { method: "OPTIONS" })).status, 204);
  });

  it("explains bodies that do not fit", async () => {
    const { status } = await ask("/two:predict", "[");
    assert.equal(status, 400);
    await refused("/two:predict", "[1]", { status: 400, error: /The body is an array of 1, and must be an object/ });
    await refused("/two:predict", {}, { status: 400, error: /has neither of "instances" and "inputs"/ });
    await refused("/two:predict", { inputs: 1, instances: [1] }, { status: 400, error: /has both of/ });
    await refused("/two:predict", { instances: [] }, { status: 400, error: /array of one or more instances/ });
    await refused("/two:predict", { instances: [[1, 2]] }, { status: 400, error: /takes 2 inputs: a, b/ });
    await refused("/two:predict", { instances: [{ a: [1, 2] }] }, { status: 400, error: /instances\[0\]\.b is missing/ });
    await refused(
      "/two:predict",
      { instances: [{ a: [1, 2], b: [1, 2] }, 3] },
      { status: 400, error: /instances\[1\] is the number 3/ },
    );
    await refused("/half_plus_two:predict", { instances: ["a"] }, { status: 400, error: /the string "a" as element 0/ });
    await refused("/half_plus_two:predict", { instances: [[1]] }, { status: 400, error: /must be an array of the shape \[-1\]/ });
    const named = { signature_name: "other", instances: [1] };
    await refused("/half_plus_two:predict", named, {
      status: 400,
      error: /Serving signature name: "other" not found in signature def/,
    });
    await refused("/whole:predict", { instances: [1.5] }, { status: 400, error: /INT64 takes whole numbers/ });
    await refused("/uneven:predict", { instances: [1, 2] }, { status: 400, error: /The output "z" has 1 rows where "y" has 2/ });
    assert.deepEqual((await ask("/uneven:predict", { inputs: [1, 2] })).body, { outputs: { y: [1, 2], z: [1] } });
  });

  it("refuses bodies that are deeper than any tensor, and keys that reach into objects", async () => {
    await refused("/half_plus_two:predict", `{"instances": ${"[".repeat(200)}${"]".repeat(200)}}`, {
      status: 400,
      error: /levels deep/,
    });
    await refused("/two:predict", '{"instances": [{"__proto__": {}}]}', { status: 400, error: /__proto__/ });
  });

  it("shows a version that does not load as ended, with the reason, and without a path", async () => {
    const { body } = await ask("/broken");
    const [{ state, status }] = body.model_version_status;
    assert.equal(state, "END");
    assert.equal(status.error_code, "UNKNOWN");
    assert.doesNotMatch(status.error_message, /tmp/);
    assert.equal((await ask("/broken:predict", { instances: [1] })).status, 503);
  });
});

describe("who may ask over /v1", () => {
  it("needs a token where models are not public, and hides what shows no tensors", async () => {
    const hidden = handler({
      name: "hidden",
      source: `file:${join(root, "half_plus_two")}`,
      expose: { tensors: false },
      access: "public",
    });
    const closed = handler({ name: "closed", source: `file:${join(root, "half_plus_two")}` });
    const words = handler({ name: "words", access: "public", stream: async function* () {} });
    const site = await protocolSite(tensorFlowServingUrls(), new ModelServer({ handlers: [hidden, closed, words], log }));
    try {
      const post = (name: string) =>
        fetch(`${site.url}/v1/models/${name}:predict`, {
          method: "POST",
          body: '{"instances": [1]}',
          headers: { cookie: "sessionid=x" },
        });
      const unauthorized = await post("closed");
      assert.equal(unauthorized.status, 401);
      assert.equal(unauthorized.headers.get("www-authenticate"), "Bearer");
      assert.match(((await unauthorized.json()) as any).error, /This needs a token/);
      assert.equal((await fetch(`${site.url}/v1/models/closed`)).status, 401);
      assert.equal((await post("hidden")).status, 404);
      assert.equal((await post("words")).status, 400);
    } finally {
      await site.close();
    }
  });
});
