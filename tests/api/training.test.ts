import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api } from "cortado/api";
import { createToken } from "cortado/auth";
import { Resolver } from "cortado/http";
import { requireRun, waitForRun } from "cortado/registry";
import { type TestSite, testSite } from "cortado/testing";
import { User } from "../../examples/cafe/accounts/models.ts";
import { penguinSpecies } from "../../examples/cafe/penguins/handlers.ts";
import project from "./project.ts";

let site: TestSite;
let admin: User;
const bearer: Record<string, { authorization: string }> = {};

before(async () => {
  site = await testSite(project);
  admin = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  for (const scopes of [["train"], ["predict"], ["manage"], ["train", "manage", "predict"]]) {
    bearer[scopes.length > 1 ? "all" : scopes[0]!] = { authorization: `Bearer ${await createToken(admin, scopes)}` };
  }
});

after(() => site.close());

const train = (model: string, body?: unknown, headers: Record<string, string> = bearer["train"]!) =>
  site.post(`/api/models/${model}/train`, body, { headers });

async function finished(answer: { json(): any }) {
  return waitForRun(await requireRun(answer.json().id));
}

const gentoo = { island: "Biscoe", beakLength: 50, beakDepth: 15, flipperLength: 220, bodyMass: 5500, sex: null };

test("a training over HTTP becomes a version that answers predictions", async () => {
  const answer = await train("penguin-species");
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.location, `/api/runs/${answer.json().id}`);
  assert.equal(answer.json().model, "penguin-species");
  const run = await finished(answer);
  assert.equal(run.state, "succeeded", JSON.stringify(run.error));
  assert.equal(run.version, "1");
  assert.ok(run.metrics!["accuracy"]! >= 0.95);

  const prediction = await site.post("/api/models/penguin-species/predict", { input: gentoo });
  assert.equal(prediction.status, 200, prediction.text);
  const { output, version } = prediction.json();
  assert.equal(version, "1");
  assert.equal(output.species, "Gentoo");
  assert.deepEqual(Object.keys(output.probabilities), ["Adelie", "Chinstrap", "Gentoo"]);

  const again = await finished(await train("penguin-species", { parameters: { rounds: 20 } }));
  assert.equal(again.version, "2");
  assert.equal((await site.post("/api/models/penguin-species/predict", { input: gentoo })).json().version, "2");
});

test("a tabular handler is typed by its features and its target", async () => {
  const { species, probabilities } = await penguinSpecies.predict(gentoo);
  assert.equal(species, "Gentoo");
  assert.ok(probabilities!["Gentoo"]! > 0.5);
  // @ts-expect-error a feature is missing
  await assert.rejects(penguinSpecies.predict({ island: "Biscoe" }), { code: "SERVING_BAD_INPUT" });
});

test("an item that does not fit is refused with its field", async () => {
  const refusal = async (input: unknown) => {
    const answer = await site.post("/api/models/penguin-species/predict", { input });
    return { status: answer.status, ...answer.json().error };
  };
  const { sex: _, ...without } = gentoo;
  const cases: [unknown, string][] = [
    [without, "input.sex is missing; it must be text, or null where it is not known."],
    [{ ...gentoo, bodyMass: "heavy" }, 'input.bodyMass is "heavy"; it must be a number, or null where it is not known.'],
    [{ ...gentoo, island: 3 }, "input.island is 3; it must be text, or null where it is not known."],
    [[1], "input must be an object with island, beakLength, beakDepth, flipperLength, bodyMass, sex."],
  ];
  for (const [input, message] of cases)
    assert.deepEqual(await refusal(input), { status: 400, code: "SERVING_BAD_INPUT", message });
  const misspelt = await refusal({ ...gentoo, bodymass: 1 });
  assert.equal(misspelt.hint, 'Did you mean "bodyMass"?');
});

test("training needs a token with its scope, or a session with the permission and its CSRF token", async () => {
  assert.equal((await train("counter", {}, {})).status, 401);
  assert.equal((await train("counter", {}, { authorization: "Bearer nonsense" })).status, 401);
  const wrong = await train("counter", {}, bearer["predict"]);
  assert.equal(wrong.status, 403);
  assert.equal(wrong.json().error.message, "The token may not train. It may: predict.");
  await site.login(admin);
  assert.equal((await train("echo", {}, { "x-csrftoken": "" })).status, 403);
  assert.equal((await train("echo", {}, {})).status, 409);
  await site.logout();
});

test("what cannot be trained says why", async () => {
  const unknown = await train("penguin-specie");
  assert.deepEqual([unknown.status, unknown.json().error.hint], [404, 'Did you mean "penguin-species"?']);
  const untrainable = await train("echo");
  assert.equal(untrainable.status, 409);
  assert.match(
    untrainable.json().error.message,
    /^The model "echo" cannot be trained: its handler has no train\. Those that have: /,
  );
  for (const body of [[], { parametres: {} }, { parameters: 3 }]) assert.equal((await train("counter", body)).status, 400);
  const bad = await train("penguin-species", { parameters: { rounds: -1, speed: 3 } });
  assert.equal(bad.status, 400);
  assert.match(bad.json().error.message, /^The parameters for training penguin-species are refused: rounds: .*speed/);
  const custom = await train("counter", { parameters: { steps: "many" } });
  assert.match(custom.json().error.message, /steps/);
});

test("a run tells its state, progress, metrics and log, and a reader goes on where it left off", async () => {
  const answer = await train("counter", { parameters: { steps: 5 } });
  const run = await finished(answer);
  assert.equal(run.state, "succeeded", JSON.stringify(run.error));
  const stream = await site.get(answer.location!, { headers: { ...bearer["train"], accept: "text/event-stream" } });
  assert.match(stream.headers["content-type"]!, /^text\/event-stream/);
  const events = stream.text.trim().split("\n\n");
  const kinds = events.map((event) => /event: (\w+)/.exec(event)![1]);
  assert.deepEqual([...new Set(kinds)].sort(), ["log", "metric", "progress", "state"]);
  assert.match(events.at(-1)!, /"state":"succeeded"/);
  const lastButOne = /id: (\d+)/.exec(events.at(-2)!)![1]!;
  const rest = await site.get(answer.location!, {
    headers: { ...bearer["train"], accept: "text/event-stream", "last-event-id": lastButOne },
  });
  assert.equal(rest.text.trim(), events.at(-1));
});

test("runs of one model work one after the other, and a queued one is cancelled at once", async () => {
  const first = await train("counter", { parameters: { steps: 100 } });
  const second = await train("counter");
  assert.equal((await site.get(second.location!, { headers: bearer["train"] })).json().state, "queued");
  assert.equal((await site.post(`${second.location}/cancel`, undefined, { headers: bearer["train"] })).status, 202);
  assert.equal((await finished(second)).state, "cancelled");
  await site.post(`${first.location}/cancel`, undefined, { headers: bearer["train"] });
  assert.equal((await finished(first)).state, "cancelled");
  const late = await site.post(`${first.location}/cancel`, undefined, { headers: bearer["train"] });
  assert.deepEqual([late.status, late.json().error.code], [409, "REGISTRY_RUN_FINISHED"]);
  assert.equal((await site.get("/api/runs/999999", { headers: bearer["train"] })).status, 404);
  const misspelt = await site.get("/api/runs?state=canceled", { headers: bearer["train"] });
  assert.deepEqual(
    [misspelt.status, misspelt.json().error.code, misspelt.json().error.hint],
    [400, "API_BAD_QUERY", 'Did you mean "cancelled"?'],
  );
  assert.match(misspelt.json().error.message, /^The parameter "state" is "canceled", and must be one of queued, running, /);
  const listed = await site.get("/api/runs?model=counter&state=cancelled", { headers: bearer["train"] });
  assert.deepEqual(
    listed.json().runs.map((each: { id: number }) => each.id),
    [second.json().id, first.json().id],
  );
});

test("a trainer that throws or is killed leaves a failed run that can be resumed", async () => {
  const thrown = await finished(await train("counter", { parameters: { fate: "throw" } }));
  assert.deepEqual([thrown.state, thrown.error!.message], ["failed", "The beans are finished."]);
  const killed = await finished(await train("counter", { parameters: { fate: "die" } }));
  assert.deepEqual([killed.state, killed.error!.code], ["failed", "REGISTRY_TRAINER_DIED"]);
  const resumed = await site.post(`/api/runs/${killed.id}/resume`, undefined, { headers: bearer["train"] });
  assert.equal(resumed.status, 202, resumed.text);
  await finished(resumed);
  const stream = await site.get(`/api/runs/${killed.id}`, { headers: { ...bearer["train"], accept: "text/event-stream" } });
  assert.match(stream.text, /going on/);
});

test("aliases move to ready versions only, and a version in use is not removed", async () => {
  const alias = (method: string, name: string, body?: unknown) =>
    site.request(method, `/api/models/penguin-species/aliases/${name}`, { headers: bearer["manage"], body });
  assert.equal((await alias("PUT", "default", { version: "1" })).status, 200);
  assert.equal((await site.post("/api/models/penguin-species/predict", { input: gentoo })).json().version, "1");
  assert.equal((await alias("PUT", "default", { version: "7" })).status, 404);
  assert.equal((await alias("PUT", "default", { version: 1 })).status, 400);
  assert.equal((await alias("PUT", "2", { version: "1" })).status, 400);
  const remove = (version: string) =>
    site.request("DELETE", `/api/models/penguin-species/versions/${version}`, { headers: bearer["manage"] });
  const held = await remove("1");
  assert.deepEqual([held.status, held.json().error.code], [409, "REGISTRY_VERSION_IN_USE"]);
  assert.equal((await alias("DELETE", "default")).status, 204);
  assert.equal((await site.post("/api/models/penguin-species/predict", { input: gentoo })).json().version, "2");
  assert.equal((await remove("1")).status, 204);
  assert.equal((await remove("1")).status, 404);
  const next = await finished(await train("penguin-species", { parameters: { rounds: 5 } }));
  assert.equal(next.version, "3");
});

test("an uploaded file becomes a version when it loads, and is refused when it does not", async () => {
  const upload = (name: string, content: Buffer) => {
    const boundary = "cortado-boundary";
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    return site.request("POST", "/api/models/penguin-species/versions", {
      headers: { ...bearer["manage"], "content-type": `multipart/form-data; boundary=${boundary}` },
      body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
  };
  const corrupt = await upload("model.onnx", Buffer.from("not a model"));
  assert.equal(corrupt.status, 422, corrupt.text);
  assert.equal((await upload("model.pkl", Buffer.from("x"))).status, 400);
  assert.equal((await site.post("/api/models/penguin-species/versions", {}, { headers: bearer["manage"] })).status, 415);
});

test("the API describes itself", async () => {
  const { openapi, paths } = (await site.get("/api/openapi.json")).json();
  assert.equal(openapi, "3.1.0");
  const { input } =
    paths["/models/penguin-species/predict"].post.requestBody.content["application/json"].schema.oneOf[0].properties;
  assert.deepEqual(input.properties.bodyMass, { type: ["number", "null"] });
  assert.equal(paths["/models/counter/predict"], undefined);
  const described = (await site.get("/api/openapi.json", { headers: bearer["all"] })).json().paths;
  const addresses = new Resolver(api.urls)
    .routes()
    .map(({ route }) => route.replace("<str:name>", "counter").replace(/<\w+:(\w+)>/g, "{$1}"));
  assert.deepEqual(
    addresses.filter((address) => described[address] === undefined),
    ["/openapi.json", "/docs", "/mcp"],
  );
});
