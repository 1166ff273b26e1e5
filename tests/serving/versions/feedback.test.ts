import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { inTransaction, transaction } from "cortado/orm";
import { feedbackRows, Prediction, registry, tabular } from "cortado/registry";
import { handler, metricsUrls, torchServeUrls } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { until } from "./served.ts";

const inference = (items: { size: number }[]) => items.map(({ size }) => ({ price: size * 2 }));
const price = handler({ name: "price", record: true, inference });
const exact = handler({
  name: "exact",
  record: true,
  inference: (items: { size: number }[]) =>
    items.map(({ size }) => ({ label: BigInt(size), large: 2n ** 60n, scores: Float32Array.of(size, 0.5) })),
});
const forgetful = handler({ name: "forgetful", inference });
const rarely = handler({ name: "rarely", record: { percent: 0 }, inference });

const located = handler({ name: "located", inference: (items) => items.map(() => inTransaction()) });

const learned = handler({
  name: "learned",
  train: tabular({
    rows: () => feedbackRows("price", ({ item, rightAnswer }) => ({ ...item, price: rightAnswer.price })),
    target: "price",
    features: ["size"],
    parameters: { rounds: 3 },
  }),
});

const project = defineProject({
  apps: [
    auth({ user: User }),
    registry(),
    accounts,
    defineApp({ name: "prices", handlers: { price, exact, forgetful, rarely, located, learned } }),
  ],
  urls: [
    path("here", () => ({ inside: inTransaction() })),
    path("api/", include(api.urls)),
    ...torchServeUrls(),
    ...metricsUrls(),
  ],
  // Which models and feedback have no part in.
  database: { url: "sqlite:feedback.sqlite3", atomicRequests: true },
  secretKey: "a secret of the tests, long enough for any mode",
});

let site: TestSite;
let headers: { authorization: string };
before(async () => {
  site = await testSite(project);
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  headers = { authorization: `Bearer ${await createToken(ada, ["predict", "train", "manage"])}` };
});
after(() => site.close());

const predict = async (model: string, body: unknown) =>
  (await site.post(`/api/models/${model}/predict`, body, { headers })).json();
const give = async (address: string, body: unknown, as: Record<string, string> = headers) => {
  const answer = await site.post(`/api/models/${address}/feedback`, body, { headers: as });
  return { status: answer.status, ...answer.json() };
};

test("the right answer to a prediction is kept beside what was asked and answered", async () => {
  const { id } = await predict("price", { input: { size: 2 } });
  const given = await give(`price/predictions/${id}`, { answer: { price: 5 } });
  assert.deepEqual(given, { status: 200, id, model: "price", version: "1", answers: [{ price: 5 }] });
  const row = await Prediction.objects.get({ key: id });
  assert.deepEqual(
    [row.items, row.answers, row.rightAnswers, row.givenBy],
    [[{ size: 2 }], [{ price: 4 }], [{ price: 5 }], "ada"],
  );
  await give(`price/predictions/${id}`, { answer: { price: 6 } });
  assert.deepEqual((await Prediction.objects.get({ key: id })).rightAnswers, [{ price: 6 }]);
});

test("several items take one right answer each", async () => {
  const { id } = await predict("price", { inputs: [{ size: 1 }, { size: 3 }] });
  const few = await give(`price/predictions/${id}`, { answer: { price: 1 } });
  assert.deepEqual(
    [few.status, few.error],
    [
      400,
      {
        code: "REGISTRY_BAD_FEEDBACK",
        message: "The feedback has 1 right answers, and the prediction has 2 items.",
        hint: 'One item: {"answer": …}. Several: {"answers": […]}, one for each in their order.',
      },
    ],
  );
  assert.equal((await give(`price/predictions/${id}`, { answers: [{ price: 2 }, { price: 7 }] })).status, 200);
});

test("feedback becomes rows to learn from", async () => {
  for (let size = 4; size < 24; size++) {
    const { id } = await predict("price", { input: { size } });
    await give(`price/predictions/${id}`, { answer: { price: size * 3 } });
  }
  const rows: unknown[] = [];
  for await (const row of feedbackRows("price", ({ item, rightAnswer }) => ({ ...item, price: rightAnswer.price })))
    rows.push(row);
  assert.equal(rows.length, 23);
  assert.deepEqual(rows[0], { size: 2, price: 6 });
  const run = (await site.post("/api/models/learned/train", {}, { headers })).json();
  await until(async () => {
    const { state, error } = (await site.get(`/api/runs/${run.id}`, { headers })).json();
    assert.notEqual(state, "failed", JSON.stringify(error));
    return state === "succeeded";
  }, "the training");
  assert.equal((await predict("learned", { input: { size: 10 } })).version, "1");
});

test("an answer is recorded as it was sent, and as text what JSON cannot hold exactly", async () => {
  const { id } = await predict("exact", { input: { size: 2 } });
  assert.equal((await give(`exact/predictions/${id}`, { answer: 1 })).status, 200);
  assert.deepEqual((await Prediction.objects.get({ key: id })).answers, [
    { label: 2, large: "1152921504606846976", scores: [2, 0.5] },
  ]);
});

test("a prediction that was not recorded has no feedback, and why is said", async () => {
  const { id } = await predict("forgetful", { input: { size: 2 } });
  const unknown = await give(`forgetful/predictions/${id}`, { answer: 1 });
  assert.equal(unknown.status, 404);
  assert.deepEqual(unknown.error, {
    code: "REGISTRY_UNKNOWN_PREDICTION",
    message: `forgetful has no recorded prediction "${id}".`,
    hint: "Say record: true in the handler, and predictions are kept from then on.",
  });
  const rare = await predict("rarely", { input: { size: 2 } });
  assert.equal(
    (await give(`rarely/predictions/${rare.id}`, { answer: 1 })).error.hint,
    "Its name is the id of the prediction's answer.",
  );
  assert.equal((await give("price/predictions/1", { answer: 1 })).status, 404);
  const other = await predict("price", { input: { size: 2 } });
  assert.equal((await give(`exact/predictions/${other.id}`, { answer: 1 })).status, 404, "another model's");
});

test("the right answer to a prediction that another process writes down meanwhile is kept", async () => {
  const key = randomUUID();
  const giving = give(`price/predictions/${key}`, { answer: { price: 3 } });
  await sleep(60);
  await Prediction.objects.create({ key, model: "price", version: "1", items: [{ size: 1 }], answers: [{ price: 2 }] });
  assert.deepEqual(await giving, { status: 200, id: key, model: "price", version: "1", answers: [{ price: 3 }] });
});

test("models are asked outside the transactions of requests, on every protocol", async () => {
  assert.deepEqual((await site.get("/here")).json(), { inside: true });
  assert.deepEqual((await predict("located", { input: 1 })).output, false);
  assert.deepEqual((await site.post("/predictions/located", 1, { headers })).json(), false);
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "located", arguments: { input: 1 } } };
  assert.deepEqual((await site.post("/api/mcp", call, { headers })).json().result, {
    content: [{ type: "text", text: "false" }],
  });
});

test("what is predicted within a transaction is written when that is over", async () => {
  const key = randomUUID();
  await transaction(async () => {
    await site.services.models.predict("price", [{ size: 5 }], { predictionId: key });
    await Prediction.objects.count();
  });
  await until(async () => (await Prediction.objects.filter({ key }).count()) === 1, "it is written");
});

test("what comes faster than the database takes it is dropped, warned of once, and counted", async (t) => {
  const warn = t.mock.method(console, "warn", () => {});
  const { models } = site.services;
  const recorded = async () => {
    const text = (await site.get("/metrics", { headers })).text;
    const of = (outcome: string) =>
      Number(new RegExp(`^cortado_recorded_total\\{outcome="${outcome}"\\} (\\d+)$`, "m").exec(text)![1]);
    return { written: of("written"), dropped: of("dropped") };
  };
  const before = await recorded();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const busy = transaction(() => released);
  for (let from = 0; from < 2400; from += 200) {
    const ask = () => models.predict("price", [{ size: 1 }], { predictionId: randomUUID() });
    await Promise.all(Array.from({ length: 200 }, ask));
    await sleep(20);
  }
  release();
  await busy;
  await until(async () => (await recorded()).written === before.written + 2000, "the rest is written");
  assert.equal((await recorded()).dropped, before.dropped + 400);
  assert.deepEqual(
    warn.mock.calls.map(({ arguments: [message] }) => message),
    [
      "Predictions come faster than the database takes them: those beyond 2000 that wait are not recorded. cortado_recorded_total counts them.",
    ],
  );
});

test("feedback needs who may predict, and a body that is feedback", async () => {
  const { id } = await predict("price", { input: { size: 2 } });
  const address = `price/predictions/${id}`;
  assert.equal((await give(address, { answer: 1 }, {})).status, 401);
  assert.equal((await give(address, {})).error.message, 'The feedback has neither of "answer" and "answers", and takes one.');
  assert.equal((await give(address, { answer: 1, answers: [1] })).status, 400);
  assert.equal((await give(address, { answers: 1 })).status, 400);
  assert.equal((await give(address, { right: 1 })).error.code, "API_BAD_BODY");
});
