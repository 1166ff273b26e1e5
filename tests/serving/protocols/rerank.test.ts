import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { include, path } from "cortado/http";
import { handler, ModelServer, openaiUrls, type PredictionEvent, type RerankItem, tensor } from "cortado/serving";
import OpenAI from "openai";
import { z } from "zod";
import { protocolSite } from "./protocol-site.ts";

/** How many words of a text the question has. */
const shared = ({ query, document }: RerankItem): number =>
  document.split(" ").filter((word) => query.split(" ").includes(word)).length;

let rows = 0;
const words = handler({
  name: "words",
  task: "rerank",
  access: "public",
  input: z.object({ query: z.string(), document: z.string().max(100) }),
  inference: (items) => {
    rows = Math.max(rows, items.length);
    return items.map(shared);
  },
});
const counting = handler({
  name: "counting",
  task: ["rerank", "embeddings"],
  access: "public",
  inference: (items: RerankItem[]) => items.map((item) => ({ score: tensor("float32", [shared(item)], [1]), tokens: 5 })),
});
const wrong = handler({
  name: "wrong",
  task: "rerank",
  access: "public",
  inference: (items: RerankItem[]) => items.map(() => Number.NaN),
});
const secret = handler({ name: "secret", task: "rerank", inference: (items: RerankItem[]) => items.map(shared) });
const parrot = handler({ name: "parrot", task: "chat", access: "public", inference: (items: unknown[]) => items });
const slow = handler({
  name: "slow",
  task: "rerank",
  access: "public",
  queue: { maxSize: 2 },
  deadline: 500,
  inference: (items: RerankItem[]) =>
    sleep(
      200,
      items.map(() => 1),
    ),
});
const models = new ModelServer({ handlers: [words, counting, wrong, secret, parrot, slow], log: { info() {}, warn() {} } });
const site = await protocolSite([path("openai/v1/", include(openaiUrls()))], models);
after(() => site.close());

const ask = async (body: unknown) => {
  const response = await fetch(`${site.url}/openai/v1/rerank`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
};
const query = "flat white coffee";
const documents = ["black tea", "a flat white", "white coffee that is a flat white", "a white cup"];

describe("reranking", () => {
  it("puts texts in the order of how well they answer a question", async () => {
    const { status, headers, body } = await ask({ model: "words", query, documents });
    assert.equal(status, 200);
    assert.match(body.id, /^rerank-/);
    assert.deepEqual(
      { ...body, id: undefined },
      {
        id: undefined,
        model: "words",
        results: [
          { index: 2, relevance_score: 4, document: { text: documents[2] } },
          { index: 1, relevance_score: 2, document: { text: documents[1] } },
          { index: 3, relevance_score: 1, document: { text: documents[3] } },
          { index: 0, relevance_score: 0, document: { text: documents[0] } },
        ],
      },
    );
    assert.equal(headers.get("cortado-model"), "words@1");
    assert.match(headers.get("server-timing")!, /^queue;dur=/);
  });

  it("tells the best so many, without the texts where they are not wanted", async () => {
    const { body } = await ask({ model: "words@1", query, documents, top_n: 2, return_documents: false });
    assert.deepEqual([body.model, body.results], ["words@1", [{ index: 2, relevance_score: 4 }, { index: 1, relevance_score: 2 }]]); // oxfmt-ignore
    const all = await ask({ model: "words", query, documents, top_n: 9, return_documents: null });
    assert.equal(all.body.results.length, 4);
  });

  it("takes texts in objects, answers in tensors, and counts tokens", async () => {
    const { body } = await ask({ model: "counting", query, documents: [{ text: "tea" }, "coffee"], top_n: null });
    assert.deepEqual(body.usage, { prompt_tokens: 10, total_tokens: 10 });
    assert.deepEqual(body.results[0], { index: 1, relevance_score: 1, document: { text: "coffee" } });
  });

  it("asks the model for many texts at once, and leaves those alone that are as good in their order", async () => {
    const { body } = await ask({ model: "words", query, documents: Array.from({ length: 600 }, () => "coffee") });
    assert.deepEqual(
      body.results.map(({ index }: { index: number }) => index),
      Array.from({ length: 600 }, (_, i) => i),
    );
    assert.ok(rows > 1);
  });

  it("tells observers of every part what it was asked and answered, and of no more", async () => {
    const events: PredictionEvent[] = [];
    const stop = models.observe((event) => void events.push(event));
    await ask({ model: "words", query, documents: Array.from({ length: 300 }, () => "coffee") });
    stop();
    const told = events.map(({ inputs, outputs }) => [(inputs as unknown[]).length, outputs.length]);
    assert.deepEqual(told, [[128, 128], [128, 128], [44, 44]]); // oxfmt-ignore
  });

  it("has one deadline over all the parts of a long list", async () => {
    const late = await ask({ model: "slow", query, documents: ["a", "b", "c", "d"] });
    assert.equal(late.status, 504);
    assert.match(late.body.error.message, /^The model "slow" did not answer within 500 ms\./);
  });

  it("refuses what does not fit, in the protocol's shape", async () => {
    const cases: [object, RegExp, string | null][] = [
      [{ query, documents }, /model is missing/, "model"],
      [{ model: "words", documents }, /query is missing, and must be a text/, "query"],
      [{ model: "words", query: "", documents }, /query is the string ""/, "query"],
      [{ model: "words", query: ["a"], documents }, /query is an array of 1/, "query"],
      [{ model: "words", query }, /documents is missing, and must be an array of one text or more/, "documents"],
      [{ model: "words", query, documents: [] }, /documents is an empty array/, "documents"],
      [{ model: "words", query, documents: "tea" }, /documents is the string "tea"/, "documents"],
      [{ model: "words", query, documents: ["a", 7] }, /documents\[1\] is the number 7, and must be a text/, "documents[1]"],
      [{ model: "words", query, documents: [{ title: "a" }] }, /documents\[0\] is an object/, "documents[0]"],
      [{ model: "words", query, documents: Array.from({ length: 2049 }, () => "x") }, /at most 2048/, "documents"],
      [{ model: "words", query, documents: ["x".repeat(101)] }, /does not fit/, "input"],
      [{ model: "words", query, documents, top_n: 0 }, /top_n is the number 0, and must be a whole number from 1/, "top_n"],
      [{ model: "words", query, documents, top_n: 1.5 }, /top_n is the number 1.5/, "top_n"],
      [{ model: "words", query, documents, return_documents: "no" }, /must be true or false/, "return_documents"],
      [{ model: "words", query, documents, rank_fields: ["a"] }, /rank_fields is given.* Leave it out\./, "rank_fields"],
    ];
    for (const [request, message, param] of cases) {
      const { status, body } = await ask(request);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(body.error.message, message);
      assert.deepEqual([body.error.type, body.error.param], ["invalid_request_error", param]);
    }
    const bad = await ask({ model: "wrong", query, documents });
    assert.deepEqual([bad.status, bad.body.error.type], [500, "server_error"]);
    const chat = await ask({ model: "parrot", query, documents });
    assert.deepEqual([chat.status, chat.body.error.code], [404, "model_not_found"]);
    assert.match((await ask({ model: "word", query, documents })).body.error.message, /Did you mean "words"/);
    assert.equal((await ask({ model: "secret", query, documents })).status, 401);
  });

  it("takes a packed body, and says what is wrong with one", async () => {
    const send = (body: Buffer, coding: string) =>
      fetch(`${site.url}/openai/v1/rerank`, {
        method: "POST",
        headers: { "content-type": "application/json", "content-encoding": coding },
        body: new Uint8Array(body),
      });
    const json = JSON.stringify({ model: "words", query, documents });
    const answered = (await (await send(gzipSync(json), "gzip")).json()) as { results: unknown[] };
    assert.equal(answered.results.length, 4);
    const [broken, unknown] = [await send(Buffer.from(json), "gzip"), await send(Buffer.from(json), "br")];
    assert.deepEqual([broken.status, unknown.status], [400, 415]);
    assert.match(await broken.text(), /The body is not what its Content-Encoding gzip says/);
  });

  it("is listed among OpenAI's models", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${site.url}/openai/v1` });
    assert.deepEqual((await client.models.list()).data.map(({ id }) => id), ["counting", "parrot", "slow", "words", "wrong"]); // oxfmt-ignore
  });
});
