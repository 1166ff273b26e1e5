// What a whole project answers to what it cannot use: the status, the code, what was given and what is possible.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HttpError, path, render } from "cortado";
import { createToken } from "cortado/auth";
import { type TestResponse, type TestSite, testSite } from "cortado/testing";
import { predictionForm } from "cortado/views";
import { User } from "../../examples/cafe/accounts/models.ts";
import cafe from "../../examples/cafe/cortado.config.ts";
import { Coffee } from "../../examples/cafe/homepage/models.ts";

const json = { "content-type": "application/json" };
const zeros = Array(784).fill(0);
const digits = "/api/models/digits/predict";

function refused(answer: TestResponse, ...expected: [status: number, code: string, message: RegExp, hint?: RegExp]): void {
  const [status, code, message, hint] = expected;
  assert.equal(answer.status, status, answer.text);
  const { error } = answer.json<{ error: { code: string; message: string; hint?: string } }>();
  assert.equal(error.code, code);
  assert.match(error.message, message);
  if (hint) assert.match(error.hint ?? "", hint);
}

describe("a whole project", { concurrency: false }, () => {
  let site: TestSite;
  let bearer: Record<string, string>;
  before(async () => {
    const lost = path("lost/", (request) => render(request, "homepage/cofee.html"), { name: "lost" });
    const gone = path("gone/", () => {
      throw new HttpError(410, "It was sold.");
    });
    site = await testSite({ ...cafe, debug: true, urls: [lost, gone, ...(cafe.urls ?? [])] });
    const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a long secret" });
    bearer = { authorization: `Bearer ${await createToken(ada, ["predict", "train", "manage"])}` };
  });
  after(() => site.close());

  test("says where JSON is broken, and what a body must be", async () => {
    const post = (body: string, headers = json) => site.request("POST", digits, { headers, body });
    refused(await post("{nope"), 400, "HTTP_BAD_JSON", /unexpected "n" at line 1, column 2/);
    refused(await post(""), 400, "HTTP_BAD_JSON", /empty/);
    refused(await post("[1]"), 400, "SERVING_BAD_INPUT", /an array of 1, and must be an object/);
    refused(await post("{}"), 400, "SERVING_BAD_INPUT", /neither of "input" and "inputs"/, /\{"input": /);
    refused(await post("hi", { "content-type": "text/plain" }), 415, "HTTP_UNSUPPORTED_TYPE", /"text\/plain".*application\/json/);
    refused(await post("[".repeat(100_000)), 400, "HTTP_JSON_REFUSED", /nested more than 100 levels deep/);
  });

  test("names the field that is missing, of the wrong type or of the wrong shape", async () => {
    refused(
      await site.post(digits, { input: {} }),
      400,
      "SERVING_BAD_INPUT",
      /input\.pixels: .*expected array, received undefined/,
    );
    refused(
      await site.post(digits, { input: { pixels: "x" } }),
      400,
      "SERVING_BAD_INPUT",
      /input\.pixels: .*expected array, received string/,
    );
    refused(await site.post(digits, { input: { pixels: [0, 2] } }), 400, "SERVING_BAD_INPUT", /exactly 784/);
  });

  test("answers the Open Inference Protocol in its own shape", async () => {
    const answer = await site.post("/v2/models/digits/infer", { inputs: [] });
    assert.deepEqual([answer.status, typeof answer.json<{ error: unknown }>().error], [400, "string"]);
    assert.match(answer.text, /inputs\.image is missing/);
  });

  test("knows the nearest model, and the versions and aliases there are", async () => {
    const input = { input: { pixels: zeros } };
    refused(
      await site.post("/api/models/digit/predict", input),
      404,
      "SERVING_UNKNOWN_MODEL",
      /no model "digit"/,
      /Did you mean "digits"\?/,
    );
    refused(
      await site.post("/api/models/digits/versions/9/predict", input),
      404,
      "SERVING_UNKNOWN_VERSION",
      /no version "9"\. It has: 1\./,
    );
    refused(
      await site.post("/api/models/digits/aliases/canary/predict", input),
      404,
      "SERVING_UNKNOWN_ALIAS",
      /no alias "canary"\. It has: default\./,
    );
    refused(await site.request("DELETE", digits), 405, "HTTP_METHOD_NOT_ALLOWED", /DELETE is not allowed/, /POST/);
  });

  test("a model without a version is not ready, and its page says so", async () => {
    refused(
      await site.post("/api/models/penguin-species/predict", { input: {} }),
      503,
      "SERVING_NOT_READY",
      /no version that is ready/,
      /Train it/,
    );
    const unknown = {
      code: "VIEWS_NO_PREDICTION_FORM",
      message: /^No form can be made for the model "penguin-species"/,
      hint: /train it first/,
    };
    assert.throws(() => predictionForm(site.services, "penguin-species"), unknown);
    const page = await site.get("/penguins/");
    assert.equal(page.status, 200);
    assert.match(page.text, /not trained yet/);
  });

  test("a body that is too large is refused before it is read whole", async () => {
    refused(
      await site.request("POST", digits, { headers: json, body: `"${"x".repeat(65 * 2 ** 20)}"` }),
      413,
      "HTTP_BODY_TOO_LARGE",
      /./,
    );
  });

  test("training asks for a token that is right", async () => {
    const train = "/api/models/penguin-species/train";
    refused(
      await site.post(train, {}, { headers: { authorization: "Bearer nope" } }),
      401,
      "HTTP_UNAUTHORIZED",
      /token is not valid/,
    );
    refused(await site.post(train, {}), 401, "API_UNAUTHENTICATED", /needs a token or a session/, /Authorization: Bearer/);
    refused(
      await site.post(train, { parameters: { round: 1 } }, { headers: bearer }),
      400,
      "REGISTRY_BAD_PARAMETERS",
      /"round"/,
      /rounds/,
    );
    refused(
      await site.post("/api/models/digits/train", {}, { headers: bearer }),
      409,
      "REGISTRY_NO_TRAINER",
      /cannot be trained/,
    );
  });

  test("a file that is no model becomes no version", async () => {
    const part = 'content-disposition: form-data; name="file"; filename="model.onnx"\r\ncontent-type: application/octet-stream';
    const headers = { ...bearer, "content-type": "multipart/form-data; boundary=x" };
    const answer = await site.request("POST", "/api/models/digits/versions", {
      headers,
      body: `--x\r\n${part}\r\n\r\nnot a model\r\n--x--\r\n`,
    });
    refused(answer, 422, "SERVING_VERSION_FAILED", /does not load: The file is not an ONNX model/);
    assert.equal((await site.post(digits, { input: { pixels: zeros } })).json<{ version: string }>().version, "1");
  });

  test("a template that is not there is named, with the nearest one", async () => {
    const page = await site.get("/lost/");
    assert.equal(page.status, 500);
    assert.match(page.text, /homepage\/cofee\.html/);
    assert.match(page.text, /homepage\/coffee\.html/);
  });

  test("what a view refuses keeps its status", async () => {
    const answer = await site.get("/gone/", { headers: { accept: "application/json" } });
    assert.deepEqual([answer.status, answer.json<{ error: { message: string } }>().error.message], [410, "It was sold."]);
  });

  test("a form that breaks off in the middle is refused", async () => {
    await site.get("/coffee/");
    const headers = {
      "content-type": "multipart/form-data; boundary=x",
      "x-csrftoken": site.cookies.get("csrftoken")!,
      accept: "application/json",
    };
    refused(
      await site.request("POST", "/coffee/", { headers, body: "--x\r\nbroken" }),
      400,
      "HTTP_BAD_FORM",
      /The form cannot be read/,
    );
  });

  test("a row that is not there, or there twice, is an error of its model", async () => {
    await assert.rejects(Coffee.objects.get({ name: "Tea" }), {
      name: "DoesNotExist",
      code: "ORM_DOES_NOT_EXIST",
      message: "No Coffee matches the query.",
    });
    await Coffee.objects.bulkCreate([new Coffee({ name: "Twin" }), new Coffee({ name: "Twin" })]);
    await assert.rejects(Coffee.objects.get({ name: "Twin" }), { code: "ORM_MULTIPLE_OBJECTS", message: /^More than one/ });
  });
});
