import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { HttpError, include, path, Resolver } from "cortado/http";
import { type ChatItem, type CompletionItem, handler, ModelServer, openaiUrls, protocolUrls, tensor } from "cortado/serving";
import OpenAI from "openai";
import { z } from "zod";
import { protocolSite } from "./protocol-site.ts";

const vector = (text: string) => [text.length, 0.5, -1];
const words = handler({
  name: "words",
  task: "embeddings",
  access: "public",
  input: z.string().max(100),
  inference: (texts) => texts.map(vector),
});
const tokens = handler({
  name: "tokens",
  task: "embeddings",
  access: "public",
  inference: (items: unknown[]) =>
    items.map((item) => ({ embedding: tensor("float32", [(item as number[]).length, 1]), tokens: (item as number[]).length })),
});
const wrong = handler({
  name: "wrong",
  task: "embeddings",
  access: "public",
  inference: (items: unknown[]) => items.map((item) => (item === "b" ? [1, Number.NaN] : "x")),
});
const ended: string[] = [];
async function* forever() {
  try {
    for (;;) {
      yield "One";
      yield " flat";
      await sleep(5);
    }
  } finally {
    ended.push("forever");
  }
}
let asked: ChatItem | undefined;
const barista = handler({
  name: "barista",
  task: "chat",
  access: "public",
  async *stream(item: ChatItem) {
    asked = item;
    const last = String(item.messages.at(-1)!.content);
    if (last === "forever") return yield* forever();
    if (last === "nothing") throw new HttpError(400, "Say something.");
    for (const word of ["One", " flat", " white"]) {
      yield word;
      if (last === "stumble") throw new Error("a secret");
    }
    yield { finishReason: "length" as const, usage: { promptTokens: 4, completionTokens: 3 } };
  },
});
const caller = handler({
  name: "caller",
  task: "chat",
  access: "public",
  inference: (items: ChatItem[]) =>
    items.map(() => ({ toolCalls: [{ index: 0, id: "a", type: "function", function: { name: "brew", arguments: "{}" } }] })),
});
let continued: CompletionItem | undefined;
const poet = handler({
  name: "poet",
  task: ["completion", "chat"],
  access: "public",
  async *stream(item: CompletionItem) {
    continued = item;
    yield "roses";
    yield " are red";
    yield { finishReason: "length" as const, usage: { promptTokens: 2, completionTokens: 3 } };
  },
});
/** Both are written at once: each waits for the other. */
let met = Promise.withResolvers<void>();
let meeting = 0;
const drawn: (number | undefined)[] = [];
const pair = handler({
  name: "pair",
  task: ["completion", "chat"],
  access: "public",
  instances: 2,
  async *stream({ seed, prompt }: CompletionItem) {
    drawn.push(seed);
    yield `${prompt ?? "chat"} `;
    if (++meeting === 2) met.resolve();
    await met.promise;
    if (prompt === "stumble" && seed === 8) throw new HttpError(400, "It stumbled.");
    yield String(seed ?? "");
    yield { finishReason: "stop" as const, usage: { promptTokens: 5, completionTokens: 2 } };
  },
});
const secret = handler({ name: "secret", task: "chat", inference: (items: ChatItem[]) => items.map(() => "hush") });
const plain = handler({ name: "plain", access: "public", inference: (items: unknown[]) => items });
const authorizer = {
  authorize({ headers }: { headers: { authorization?: string | undefined } }, _action: string, model?: { access: string }) {
    if (model?.access === "public" || headers.authorization === "Bearer right") return;
    throw new HttpError(401, "The token is not valid.");
  },
};
const models = new ModelServer({
  handlers: [words, tokens, wrong, barista, caller, poet, pair, secret, plain],
  log: { info() {}, warn() {} },
});
const site = await protocolSite([path("openai/v1/", include(openaiUrls({ authorizer })))], models);
after(() => site.close());

const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${site.url}/openai/v1`, maxRetries: 0 });
const client = clientOf("none");
const say = (content: string) => [{ role: "user" as const, content }];
const ask = async (address: string, body: object) => {
  const response = await fetch(`${site.url}/openai/v1/${address}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

async function failure(work: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof OpenAI.APIError, String(error));
  return error;
}

describe("OpenAI's models", () => {
  it("are those that declare a task and that the caller may see", async () => {
    const names = async (from: OpenAI) => (await from.models.list()).data.map(({ id }) => id);
    assert.deepEqual(await names(client), ["barista", "caller", "pair", "poet", "tokens", "words", "wrong"]);
    assert.deepEqual(await names(clientOf("right")), ["barista", "caller", "pair", "poet", "secret", "tokens", "words", "wrong"]);
    assert.deepEqual(await client.models.retrieve("words"), { id: "words", object: "model", created: 0, owned_by: "cortado" });
    const missing = await failure(client.models.retrieve("plain"));
    assert.deepEqual([missing.status, missing.code], [404, "model_not_found"]);
  });
});

describe("OpenAI's embeddings", () => {
  it("come as the client asks for them by itself, in base64, and as numbers", async () => {
    const { data, model, usage } = await client.embeddings.create({ model: "words", input: ["tea", "milk"] });
    assert.deepEqual(
      data.map(({ embedding }) => [...embedding]),
      [vector("tea"), vector("milk")],
    );
    assert.deepEqual([data[1]!.index, data[1]!.object, model, usage.prompt_tokens], [1, "embedding", "words", 0]);
    const numbers = await client.embeddings.create({ model: "words@1", input: "tea", encoding_format: "float" });
    assert.deepEqual([numbers.data[0]!.embedding, numbers.model], [vector("tea"), "words@1"]);
    const { text, headers } = await ask("embeddings", { model: "words", input: "tea", encoding_format: "base64" });
    assert.equal(JSON.parse(text).data[0].embedding, Buffer.from(Float32Array.from(vector("tea")).buffer).toString("base64"));
    assert.equal(headers.get("cortado-model"), "words@1");
  });

  it("come for more texts than wait in the model's queue at once", async () => {
    const input = Array.from({ length: 700 }, (_, i) => "x".repeat((i % 9) + 1));
    const { data } = await client.embeddings.create({ model: "words", input, encoding_format: "float" });
    assert.deepEqual(data.map(({ index, embedding }) => [index, embedding]), input.map((text, i) => [i, vector(text)])); // oxfmt-ignore
  });

  it("take tokens, and count them", async () => {
    const one = await client.embeddings.create({ model: "tokens", input: [5, 6, 7] });
    assert.deepEqual([[...one.data[0]!.embedding], one.usage], [[3, 1], { prompt_tokens: 3, total_tokens: 3 }]);
    const two = await client.embeddings.create({ model: "tokens", input: [[5], [6, 7]] });
    assert.deepEqual([two.data.length, two.usage.total_tokens], [2, 3]);
  });

  it("are made shorter, and as long as one again", async () => {
    const { data } = await client.embeddings.create({ model: "words", input: "tea", dimensions: 2, encoding_format: "float" });
    const [a, b] = data[0]!.embedding as [number, number];
    assert.ok(Math.abs(Math.hypot(a, b) - 1) < 1e-6 && Math.abs(a / b - 6) < 1e-4);
  });

  it("refuse what does not fit, in the protocol's shape", async () => {
    const cases: [object, RegExp, string | null][] = [
      [{ model: "words" }, /input is missing, and must be a text/, "input"],
      [{ model: "words", input: [] }, /input is an empty array/, "input"],
      [{ model: "words", input: ["a", 1] }, /input\[1\] is the number 1/, "input[1]"],
      [{ model: "words", input: "x".repeat(101) }, /does not fit/, "input"],
      [{ model: "words", input: Array.from({ length: 2049 }, () => "x") }, /at most 2048/, "input"],
      [{ model: "words", input: "a", encoding_format: "hex" }, /must be "float" or "base64"/, "encoding_format"],
      [{ model: "words", input: "a", dimensions: 4 }, /whole number from 1 to 3/, "dimensions"],
      [{ model: "words", input: [-1] }, /input\[0\] is the number -1/, "input[0]"],
      [{ input: "a" }, /model is missing/, "model"],
    ];
    for (const [body, message, param] of cases) {
      const { status, text } = await ask("embeddings", body);
      const { error } = JSON.parse(text);
      assert.equal(status, 400, text);
      assert.match(error.message, message);
      assert.deepEqual([error.type, error.param], ["invalid_request_error", param]);
    }
    const { status, text } = await ask("embeddings", { model: "wrong", input: "a" });
    assert.deepEqual([status, JSON.parse(text).error.type], [500, "server_error"]);
    for (const format of ["float", "base64"]) {
      const unequal = await ask("embeddings", { model: "wrong", input: "b", encoding_format: format });
      assert.deepEqual([unequal.status, JSON.parse(unequal.text).error.type], [500, "server_error"]);
    }
    const chat = await failure(client.embeddings.create({ model: "barista", input: "a" }));
    assert.deepEqual([chat.status, chat.code], [404, "model_not_found"]);
    const twice = await failure(client.embeddings.create({ model: "words@1@2", input: "a" }));
    assert.deepEqual([twice.status, twice.code], [404, "SERVING_UNKNOWN_ALIAS"]);
    for (const [wish, param] of [
      [[1], "stream_options"],
      [{ include_usage: 1 }, "stream_options.include_usage"],
    ] as const) {
      const asked = { model: "barista", messages: say("a"), stream: true, stream_options: wish };
      const { error } = JSON.parse((await ask("chat/completions", asked)).text);
      assert.equal(error.param, param);
      assert.match(error.message, /is (an array of 1|the number 1), and must be/);
    }
    const options = { model: "barista", messages: say("a"), stream: true, stream_options: "yes" };
    const { status: refused, text: why } = await ask("chat/completions", options);
    assert.deepEqual([refused, JSON.parse(why).error.param], [400, "stream_options"]);
    assert.match((await failure(client.embeddings.create({ model: "word", input: "a" }))).message, /Did you mean "words"/);
  });
});

describe("OpenAI's chats", () => {
  it("answer whole", async () => {
    const answer = await client.chat.completions.create({
      model: "barista",
      messages: [{ role: "system", content: "Be brief." }, ...say("Coffee?")],
      temperature: 0.5,
      max_completion_tokens: 10,
      stop: "\n",
      seed: 7,
      response_format: { type: "text" },
    });
    assert.deepEqual(answer.choices[0]!.message, { role: "assistant", content: "One flat white", refusal: null });
    assert.equal(answer.choices[0]!.finish_reason, "length");
    assert.deepEqual(answer.usage, { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 });
    assert.match(answer.id, /^chatcmpl-/);
    assert.deepEqual(asked, {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Coffee?" },
      ],
      temperature: 0.5,
      maxTokens: 10,
      stop: ["\n"],
      seed: 7,
      options: { response_format: { type: "text" } },
    });
  });

  it("answer piece by piece", async () => {
    const stream = await client.chat.completions.create({
      model: "barista",
      messages: say("Coffee?"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const deltas = chunks.slice(0, -1).map(({ choices }) => choices[0]!.delta);
    assert.deepEqual(deltas, [
      { role: "assistant", content: "" },
      { content: "One" },
      { content: " flat" },
      { content: " white" },
      {},
    ]);
    assert.equal(chunks.at(-2)!.choices[0]!.finish_reason, "length");
    assert.equal(chunks.at(-1)!.usage!.total_tokens, 7);
    const { text } = await ask("chat/completions", { model: "barista", messages: say("Coffee?"), stream: true });
    assert.ok(text.endsWith("data: [DONE]\n\n"));
    assert.doesNotMatch(text, /"usage"/);
  });

  it("end when the client stops reading", async () => {
    const stream = await client.chat.completions.create({ model: "barista", messages: say("forever"), stream: true });
    for await (const { choices } of stream) if (choices[0]?.delta.content === " flat") break;
    for (let i = 0; i < 500 && !ended.includes("forever"); i++) await sleep(10);
    assert.ok(ended.includes("forever"));
  });

  it("call tools", async () => {
    const { choices } = await client.chat.completions.create({ model: "caller", messages: say("Brew!") });
    assert.equal(choices[0]!.finish_reason, "tool_calls");
    assert.equal(choices[0]!.message.content, null);
    const [call] = choices[0]!.message.tool_calls!;
    assert.ok(call?.type === "function" && call.function.name === "brew");
  });

  it("say in the stream what went wrong after it began, and nothing of the inside", async () => {
    const stream = await client.chat.completions.create({ model: "barista", messages: say("stumble"), stream: true });
    const heard: string[] = [];
    const read = async () => {
      for await (const { choices } of stream) heard.push(choices[0]?.delta.content ?? "");
    };
    const error = await failure(read());
    assert.equal(heard.join(""), "One");
    assert.equal((error.error as { message: string }).message, "Something went wrong in the server.");
    const before = await failure(client.chat.completions.create({ model: "barista", messages: say("nothing"), stream: true }));
    assert.deepEqual([before.status, /Say something/.test(before.message)], [400, true]);
  });

  it("refuse what does not fit", async () => {
    const cases: [object, RegExp][] = [
      [{ messages: [] }, /messages is an empty array, and must be an array of messages/],
      [{ messages: [1] }, /messages\[0\] is the number 1/],
      [{ messages: [{ role: "robot", content: "x" }] }, /messages\[0\]\.role is the string "robot", and must be one of system/],
      [{ messages: [{ role: "user", content: 1 }] }, /messages\[0\]\.content is the number 1/],
      [{ messages: say("x"), n: 0 }, /n is the number 0, and must be a whole number from 1 to 128/],
      [{ messages: say("x"), n: 129 }, /n is the number 129, and must be a whole number from 1 to 128/],
      [{ messages: say("x"), n: "2" }, /n is the string "2"/],
      [{ messages: say("x"), temperature: 3 }, /temperature is the number 3/],
      [{ messages: say("x"), max_tokens: 0 }, /max_tokens is the number 0/],
      [{ messages: say("x"), stop: 1 }, /stop is the number 1/],
      [{ messages: say("x"), stream: "yes" }, /stream is the string "yes"/],
    ];
    for (const [body, message] of cases) {
      const { status, text } = await ask("chat/completions", { model: "barista", ...body });
      assert.equal(status, 400, text);
      assert.match(JSON.parse(text).error.message, message);
    }
    const broken = await fetch(`${site.url}/openai/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    assert.equal(broken.status, 400);
    assert.equal(((await broken.json()) as any).error.type, "invalid_request_error");
    const none = await ask("responses", {});
    assert.deepEqual([none.status, JSON.parse(none.text).error.code], [404, "unknown_url"]);
    assert.equal((await fetch(`${site.url}/openai/v1/chat/completions`)).status, 405);
  });

  it("ask for the project's own tokens as keys", async () => {
    const refused = await failure(client.chat.completions.create({ model: "secret", messages: say("?") }));
    assert.ok(refused instanceof OpenAI.AuthenticationError);
    assert.deepEqual([refused.type, refused.code], ["authentication_error", "invalid_api_key"]);
    const { choices } = await clientOf("right").chat.completions.create({ model: "secret", messages: say("?") });
    assert.equal(choices[0]!.message.content, "hush");
  });

  it("are spoken by a project that names the protocol", () => {
    assert.ok(new Resolver(protocolUrls(["openai"])).resolve("/openai/v1/chat/completions"));
  });
});

describe("OpenAI's completions", () => {
  const client = new OpenAI({ baseURL: `${site.url}/openai/v1`, apiKey: "x", maxRetries: 0 });

  it("go on with a text, whole and piece by piece", async () => {
    const whole = await client.completions.create({ model: "poet", prompt: "Tell me:", stop: "\n", seed: 7, top_p: 0.5 });
    assert.deepEqual(whole.choices, [{ text: "roses are red", index: 0, logprobs: null, finish_reason: "length" }]);
    assert.equal(whole.usage!.total_tokens, 5);
    assert.deepEqual(continued, { prompt: "Tell me:", maxTokens: 16, stop: ["\n"], seed: 7, topP: 0.5, options: {} });
    const stream = await client.completions.create({
      model: "poet",
      prompt: ["Tell me:"],
      max_tokens: null,
      stream: true,
      stream_options: { include_usage: true },
    });
    const parts = await Array.fromAsync(stream);
    assert.equal(parts.map(({ choices }) => choices[0]?.text ?? "").join(""), "roses are red");
    assert.deepEqual(parts.map(({ choices }) => choices[0]?.finish_reason), [null, null, "length", undefined]); // oxfmt-ignore
    assert.equal(parts.at(-1)!.usage!.completion_tokens, 3);
    assert.equal(continued!.maxTokens, 16);
  });

  it("are refused where more is wanted than is done", async () => {
    const cases: [object, RegExp][] = [
      [{ prompt: [] }, /prompt is an empty array, and must be a text or an array of texts/],
      [{ prompt: [1, 2] }, /prompt is an array of 2, and must be a text or an array of texts\. Send texts; tokens are not taken/],
      [{ prompt: ["a", "b", "c"], n: 50 }, /prompt has 3 texts for 50 answers each, and a request has at most 128 answers/],
      [{ prompt: "a", echo: true }, /echo is true/],
      [{ prompt: "a", logprobs: 1 }, /logprobs is given/],
      [{ prompt: "a", suffix: "z" }, /suffix is given/],
      [{ prompt: "a", best_of: 3, n: 2 }, /best_of is the number 3, and must be n/],
    ];
    for (const [body, message] of cases)
      await assert.rejects(client.completions.create({ model: "poet", ...body } as never), { status: 400, message });
    await assert.rejects(client.completions.create({ model: "barista", prompt: "a" }), { status: 404 });
  });
});

describe("Several answers to one request", () => {
  const meetAgain = () => {
    [met, meeting, drawn.length] = [Promise.withResolvers<void>(), 0, 0];
  };
  const contents = (chunks: OpenAI.ChatCompletionChunk[], index: number) =>
    chunks.flatMap(({ choices }) => choices.filter((each) => each.index === index));

  it("are written side by side, each from a seed of its own, and the question's tokens count once", async () => {
    meetAgain();
    const { choices, usage } = await client.chat.completions.create({ model: "pair", messages: say("?"), n: 2, seed: 7 });
    const told = choices.map(({ index, message, finish_reason }) => [index, message.content, finish_reason]);
    assert.deepEqual(told, [[0, "chat 7", "stop"], [1, "chat 8", "stop"]]); // oxfmt-ignore
    assert.deepEqual(usage, { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 });
    assert.deepEqual(drawn.toSorted(), [7, 8]);
  });

  it("come piece by piece with their index, and their usage at last", async () => {
    meetAgain();
    const asked = { model: "pair", messages: say("?"), n: 2, seed: 7, stream: true as const };
    const stream = await client.chat.completions.create({ ...asked, stream_options: { include_usage: true } });
    const chunks = await Array.fromAsync(stream);
    for (const index of [0, 1]) {
      const own = contents(chunks, index);
      assert.equal(own[0]!.delta.role, "assistant");
      assert.equal(own.map(({ delta }) => delta.content ?? "").join(""), `chat ${7 + index}`);
      assert.deepEqual(own.map(({ finish_reason }) => finish_reason), [null, null, null, "stop"]); // oxfmt-ignore
    }
    assert.deepEqual(chunks.at(-1)!.usage, { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 });
  });

  it("go on with several texts, those of one text after each other", async () => {
    meetAgain();
    const asked = { model: "pair", prompt: ["a", "b"], seed: 1, n: 2, best_of: 2 };
    const { choices, usage } = await client.completions.create(asked);
    assert.deepEqual(choices.map(({ index, text }) => [index, text]), [[0, "a 1"], [1, "a 2"], [2, "b 1"], [3, "b 2"]]); // oxfmt-ignore
    assert.deepEqual(usage, { prompt_tokens: 10, completion_tokens: 8, total_tokens: 18 });
    meetAgain();
    const parts = await Array.fromAsync(await client.completions.create({ ...asked, n: 1, best_of: 1, stream: true }));
    for (const [index, text] of ["a 1", "b 1"].entries())
      assert.equal(parts.flatMap(({ choices }) => choices).filter((each) => each.index === index).map((each) => each.text).join(""), text); // oxfmt-ignore
  });

  it("fail together", async () => {
    meetAgain();
    const asked = { model: "pair", prompt: "stumble", seed: 7, n: 2 };
    const whole = await failure(client.completions.create(asked));
    assert.deepEqual([whole.status, /It stumbled/.test(whole.message)], [400, true]);
    meetAgain();
    const stream = await client.completions.create({ ...asked, stream: true });
    assert.match((await failure(Array.fromAsync(stream))).message, /It stumbled/);
    meetAgain();
    // Nothing is held: as many run at once as before.
    assert.equal((await client.chat.completions.create({ model: "pair", messages: say("?"), n: 2 })).choices.length, 2);
  });

  it("are given up when the client stops reading", async () => {
    ended.length = 0;
    const stream = await client.chat.completions.create({ model: "barista", messages: say("forever"), stream: true, n: 3 });
    for await (const { choices } of stream) if (choices[0]?.delta.content === " flat") break;
    for (let i = 0; i < 500 && ended.length === 0; i++) await sleep(10);
    assert.ok(ended.length > 0);
    const next = await client.chat.completions.create({ model: "barista", messages: say("Coffee?"), n: 2 });
    assert.equal(next.choices[1]!.message.content, "One flat white");
    assert.equal(next.usage!.total_tokens, 10);
  });
});
