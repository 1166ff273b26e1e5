import assert from "node:assert/strict";
import { after, it } from "node:test";
import { client, type ClientError } from "cortado/client";
import { defineApp, defineProject, include, openProject, path } from "cortado";
import { handler, modelUrls } from "cortado/serving";
import { z } from "zod";

const words = handler({
  name: "words",
  access: "public",
  input: z.object({ text: z.string() }),
  output: z.object({ count: z.number(), asked: z.date() }),
  inference: (items: { text: string }[]) => items.map(({ text }) => ({ count: text.split(" ").length, asked: new Date(0) })),
});
const story = handler({
  name: "long-story",
  access: "public",
  input: z.object({ about: z.string() }),
  async *stream({ about }: { about: string }) {
    yield "Once ";
    if (about === "nothing") throw new Error("a secret of the house");
    yield about;
  },
});
const closed = handler({ name: "closed", input: z.object({}), inference: (items: object[]) => items });
const handlers = { words, story, closed };

const app = defineApp({ name: "site", handlers });
const project = await openProject(
  defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", apps: [app], urls: [path("api/", include(modelUrls()))] }), // prettier-ignore
);
const url = `${await project.listen({ port: 0 })}/api`;
after(() => project.close());
const models = client<typeof handlers>({ url });

it("answers one item and several, with what JSON makes of the handler's types", async () => {
  const answer = await models.words.predict({ text: "one two" });
  const asked: string = answer.asked;
  assert.deepEqual([answer.count, asked], [2, "1970-01-01T00:00:00.000Z"]);
  const several = await models.words.predictMany([{ text: "a" }, { text: "b c d" }]);
  assert.deepEqual(
    several.map(({ count }) => count),
    [1, 3],
  );
});

it("says which version answered, and asks a certain one", async () => {
  const { version, model, id } = await models.words.answer({ text: "one" }, { version: "1" });
  assert.deepEqual([version, model], ["1", "words"]);
  assert.match(id, /^[\da-f-]{36}$/);
  const { versions, runtime, access } = await models.words.describe();
  assert.deepEqual([versions, runtime, access], [["1"], "functions", "public"]);
});

it("reads an answer piece by piece", async () => {
  const pieces: string[] = [];
  for await (const piece of models["long-story"].stream({ about: "a bean" })) pieces.push(piece);
  assert.deepEqual(pieces, ["Once ", "a bean"]);
  assert.deepEqual(await models["long-story"].predict({ about: "a bean" }), "Once a bean");
});

it("throws what a stream says of a failure, and not the server's secrets", async () => {
  const reading = async () => {
    for await (const _ of models["long-story"].stream({ about: "nothing" }));
  };
  await assert.rejects(reading, (error: ClientError) => {
    assert.equal(error.code, "HTTP_SERVER_ERROR");
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

it("throws what the server says of a bad item", async () => {
  // @ts-expect-error The handler takes a text.
  const answer = models.words.predict({ text: 5 });
  await assert.rejects(answer, { name: "ClientError", status: 400, code: "SERVING_BAD_INPUT" });
});

it("says what is missing where a token is needed", async () => {
  await assert.rejects(models.closed.predict({}), { status: 401, code: "HTTP_UNAUTHORIZED" });
});

it("asks again where the server was busy, as long as it was told to wait", async () => {
  let asked = 0;
  const busy = async (address: string, init: RequestInit) => {
    if (++asked === 1) return Response.json({ error: { code: "SERVING_QUEUE_FULL", message: "Full." } }, { status: 503, headers: { "retry-after": "0" } }); // prettier-ignore
    return fetch(address, init);
  };
  const patient = client<typeof handlers>({ url, fetch: busy });
  assert.equal((await patient.words.predict({ text: "one" })).count, 1);
  assert.equal(asked, 2);
  const impatient = client<typeof handlers>({ url, fetch: async () => new Response("Bad gateway", { status: 503 }), retries: 0 });
  await assert.rejects(impatient.words.predict({ text: "one" }), { status: 503, code: "CLIENT_BAD_ANSWER" });
});

it("says that nothing was reached", async () => {
  const lost = client<typeof handlers>({ url: "http://127.0.0.1:9/api", retries: 0 });
  await assert.rejects(lost.words.predict({ text: "one" }), { status: 0, code: "CLIENT_NOT_REACHED" });
});

it("sends a token, and in a page the CSRF token of its session", async () => {
  const sent: Record<string, string>[] = [];
  const watch = async (_: string, { headers }: RequestInit) => {
    sent.push(headers as Record<string, string>);
    return Response.json({ output: null });
  };
  await client<typeof handlers>({ token: async () => "t0ken", fetch: watch }).closed.predict({});
  Object.assign(globalThis, { document: { cookie: "a=b; csrftoken=abc" } });
  await client<typeof handlers>({ fetch: watch }).closed.predict({});
  Reflect.deleteProperty(globalThis, "document");
  assert.equal(sent[0]!["authorization"], "Bearer t0ken");
  assert.equal(sent[1]!["x-csrftoken"], "abc");
});
