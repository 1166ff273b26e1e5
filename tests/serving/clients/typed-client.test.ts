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

it("says that an answer was cut off, and never takes the half of one for the whole", async () => {
  const piece = 'event: piece\r\ndata: {"output": "Once "}\r';
  const answering = (end: (controller: ReadableStreamDefaultController<Uint8Array>) => void) => async () => {
    const parts = [piece, "\n\r\n"].map((part) => new TextEncoder().encode(part));
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else end(controller);
    };
    return new Response(new ReadableStream({ pull }));
  };
  const cutOff = { name: "ClientError", status: 200, code: "CLIENT_BAD_ANSWER", message: /was cut off/ };
  for (const end of ["close", "error"] as const) {
    const cut = client<typeof handlers>({ fetch: answering((controller) => controller[end]()) });
    const pieces: string[] = [];
    const reading = async () => {
      for await (const each of cut["long-story"].stream({ about: "a bean" })) pieces.push(each);
    };
    await assert.rejects(reading, cutOff);
    assert.deepEqual(pieces, ["Once "]);
  }
  const broken = client<typeof handlers>({ fetch: answering((controller) => controller.error(new TypeError("terminated"))) });
  await assert.rejects(broken.words.predict({ text: "one" }), cutOff);
});

it("ends a stream that is given up by the reason that was given", async () => {
  const stop = new AbortController();
  const endless = async (_: string, { signal }: RequestInit) => {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      controller.enqueue(new TextEncoder().encode('event: piece\ndata: {"output": "Once "}\n\n'));
      signal!.addEventListener("abort", () => controller.error(signal!.reason));
    };
    return new Response(new ReadableStream({ start }));
  };
  const story = client<typeof handlers>({ fetch: endless })["long-story"].stream({ about: "" }, { signal: stop.signal });
  assert.equal((await story.next()).value, "Once ");
  setTimeout(() => stop.abort(new Error("enough")), 10);
  await assert.rejects(story.next(), { name: "Error", message: "enough" });
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
