import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createToken } from "cortado/auth";
import { waitForRun, requireRun } from "cortado/registry";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "../../examples/cafe/accounts/models.ts";
import project from "./project.ts";

let site: TestSite;
let headers: { authorization: string };
let predictOnly: { authorization: string };

before(async () => {
  const protocols = ["open-inference", "health", "metrics", "tensorflow-serving", "torchserve", "mlflow"] as const;
  site = await testSite({ ...project, serving: { protocols } });
  const user = await User.objects.createUser({ username: "bo", email: "bo@example.com", password: "a-long-passphrase-2" });
  headers = { authorization: `Bearer ${await createToken(user, ["train", "manage", "predict"])}` };
  predictOnly = { authorization: `Bearer ${await createToken(user, ["predict"])}` };
});

after(() => site.close());

async function refusal(address: string, body?: unknown, given: Record<string, string> = headers) {
  const [method, path] = address.split(" ") as [string, string];
  const answer = await site.request(method, path, { headers: given, body });
  return { status: answer.status, ...answer.json().error };
}

test("every refusal says what was given, what is possible, and what to do", async () => {
  const models = "/api/models/counter";
  assert.deepEqual(await refusal(`POST ${models}/train`, { parametres: {} }), {
    status: 400,
    code: "API_BAD_BODY",
    message: 'The body has "parametres", which is not taken; it takes: parameters.',
    hint: 'Send, for example: {"parameters": {"rounds": 50}}',
  });
  assert.deepEqual(await refusal(`POST ${models}/train`, {}, {}), {
    status: 401,
    code: "API_UNAUTHENTICATED",
    message: "To train this model needs a token or a session.",
    hint: "Send Authorization: Bearer TOKEN, or log in.",
  });
  assert.deepEqual(await refusal(`POST ${models}/train`, {}, predictOnly), {
    status: 403,
    code: "API_MISSING_SCOPE",
    message: "The token may not train. It may: predict.",
    hint: 'Use a token with the scope "train".',
  });
  assert.deepEqual(await refusal("POST /api/models/echo/train"), {
    status: 409,
    code: "REGISTRY_NO_TRAINER",
    message: 'The model "echo" cannot be trained: its handler has no train. Those that have: counter, penguin-species.',
    hint: "Give the handler train: tabular({ … }) or train: trainer({ … }).",
  });
  assert.deepEqual(await refusal("POST /api/models/penguin-species/train", { parameters: { speed: 3 } }), {
    status: 400,
    code: "REGISTRY_BAD_PARAMETERS",
    message: 'The parameters for training penguin-species are refused: Unrecognized key: "speed".',
    hint: "It takes: rounds, learningRate, maxLeaves, minLeafRows, l2, testShare, earlyStopping, patience, seed.",
  });
  assert.deepEqual(await refusal("GET /api/runs/77"), {
    status: 404,
    code: "REGISTRY_UNKNOWN_RUN",
    message: 'There is no run "77".',
    hint: "GET runs lists them.",
  });
  assert.deepEqual(await refusal(`DELETE ${models}/versions/9`), {
    status: 404,
    code: "REGISTRY_UNKNOWN_VERSION",
    message: 'counter has no version "9". It has: none.',
    hint: "Versions are numbers, and are never used twice.",
  });
  assert.deepEqual(await refusal("DELETE /api/models/echo/versions/1"), {
    status: 409,
    code: "REGISTRY_VERSION_IN_SOURCE",
    message: "Version 1 of echo lies where the model's source points, so it is not removed here.",
    hint: "Remove its folder there, or say with `versions` of the handler which are served.",
  });
  assert.deepEqual(await refusal(`DELETE ${models}/aliases/canary`), {
    status: 404,
    code: "SERVING_UNKNOWN_ALIAS",
    message: 'The model "counter" has no alias "canary". It has: none.',
  });
  assert.equal((await refusal(`PATCH ${models}/train`)).status, 405);
  assert.equal((await refusal(`POST ${models}/train`, "{", { ...headers, "content-type": "application/json" })).status, 400);
});

test("a user without the permission is told its name", async () => {
  const user = await User.objects.get({ username: "bo" });
  await site.login(user);
  assert.deepEqual(await refusal("GET /api/runs", undefined, {}), {
    status: 403,
    code: "API_MISSING_PERMISSION",
    message: "This needs the permission models.train_penguin-species.",
    hint: "Ask someone who administers the site for it.",
  });
  await site.logout();
});

test("who may train nothing is not told which runs there are", async () => {
  const about = async (id: number, given: object) => (await site.get(`/api/runs/${id}`, { headers: given as {} })).status;
  const unknown = 999_999;
  assert.deepEqual([await about(unknown, {}), await about(unknown, headers)], [401, 404]);
});

test("a version in use, a finished run and a bad artifact are refused", async () => {
  const answer = await site.post("/api/models/counter/train", {}, { headers });
  const run = await waitForRun(await requireRun(answer.json().id));
  assert.deepEqual(await refusal(`POST /api/runs/${run.id}/cancel`), {
    status: 409,
    code: "REGISTRY_RUN_FINISHED",
    message: `Run ${run.id} is already succeeded.`,
    hint: "Only a run that is queued or running is cancelled.",
  });
  assert.deepEqual(await refusal(`DELETE /api/models/counter/versions/${run.version}`), {
    status: 409,
    code: "REGISTRY_VERSION_IN_USE",
    message: "Version 1 of counter is what default points to, so it is not removed.",
    hint: "Point the alias to another version, or end its canary or shadow, first.",
  });
  const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="model.pkl"\r\n\r\nx\r\n--b--\r\n';
  const multipart = { ...headers, "content-type": "multipart/form-data; boundary=b" };
  assert.deepEqual(await refusal("POST /api/models/penguin-species/versions", form, multipart), {
    status: 400,
    code: "REGISTRY_BAD_ARTIFACT",
    message: "The artifact for penguin-species is refused: there is no model.onnx among model.pkl.",
    hint: "Upload one model.onnx, or an artifact whose files are named plainly.",
  });
});

test("an address that nothing answers is refused in JSON, under every prefix that is asked by programs", async () => {
  for (const path of ["/api/nope", "/api/runs/1/nope", "/v2/nope", "/v1/nope", "/mlflow/echo/nope", "/predictions/a/b/c"]) {
    const answer = await site.get(path, { headers: { accept: "*/*" } });
    assert.deepEqual([path, answer.status, answer.headers["content-type"]?.split(";")[0]], [path, 404, "application/json"]);
  }
  const page = await site.get("/nope", { headers: { accept: "*/*" } });
  assert.match(page.headers["content-type"]!, /^text\/html/);
});
