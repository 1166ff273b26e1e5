// GGUF models over HTTP: on /api, on OpenAI's addresses by its own client, and as Triton's clients ask language models.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { include, path } from "cortado/http";
import { handler, llama, ModelServer, modelUrls, protocolUrls } from "cortado/serving";
import OpenAI from "openai";
import { protocolSite } from "../protocols/protocol-site.ts";
import { startServe } from "../serve/serve-process.ts";
import { llamaPackages, skipped } from "./llama-package.ts";
import { modelsFolder } from "./served-llama.ts";
import { writeTinyLlama } from "./tiny-llama.ts";

/** So many tokens take a minute: nobody waits for them here. */
const LONG = 100_000;
// One sequence: what is not given up is waited for.
const writer = handler({
  name: "writer",
  source: "file:writer",
  access: "public",
  runtime: llama({ context: LONG, threads: 1 }),
});
const texts = handler({
  name: "texts",
  source: "file:writer",
  access: "public",
  runtime: llama({ context: 200, threads: 1 }),
  task: "embeddings",
});
const limit = { timeout: 30_000 };

describe("A GGUF model over HTTP", { skip: skipped }, () => {
  let site: Awaited<ReturnType<typeof protocolSite>>;
  let client: OpenAI;
  before(async () => {
    const root = modelsFolder();
    writeTinyLlama(join(root, "writer/1/model.gguf"), { "llama.context_length": { type: "uint32", value: LONG } });
    const models = new ModelServer({ handlers: [writer, texts], root, log: { info() {}, warn() {} } });
    const urls = [path("api/", include(modelUrls())), ...protocolUrls(["open-inference", "openai"])];
    site = await protocolSite(urls, models);
    client = new OpenAI({ apiKey: "none", baseURL: `${site.url}/openai/v1`, maxRetries: 0 });
  });
  after(() => site.close());

  const post = (address: string, body: object, options: { headers?: Record<string, string>; signal?: AbortSignal } = {}) =>
    fetch(site.url + address, {
      method: "POST",
      body: JSON.stringify(body),
      ...options,
      headers: { "content-type": "application/json", ...options.headers },
    });
  const predict = (input: object, options?: Parameters<typeof post>[2]) => post("/api/models/writer/predict", { input }, options);
  const generate = async (body: object) => {
    const response = await post("/v2/models/writer/generate", body);
    return { status: response.status, body: (await response.json()) as any };
  };
  const eventsOf = (text: string) =>
    text.split("\n\n").flatMap((event) => [...event.matchAll(/^data: (.*)$/gm)].map(([, data]) => data!));

  it("answers on /api whole, and as server-sent events", limit, async () => {
    const input = { prompt: "abc", maxTokens: 4, temperature: 0 };
    const { output, model } = (await (await predict(input)).json()) as any;
    const usage = { promptTokens: 4, completionTokens: 4 };
    assert.deepEqual([output, model], [{ content: "defg", finishReason: "length", usage }, "writer"]);
    const response = await predict(input, { headers: { accept: "text/event-stream" } });
    assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
    const events = eventsOf(await response.text());
    for (const wanted of ['"d"', '"g"', JSON.stringify({ finishReason: "length", usage })])
      assert.ok(events.some((event) => event.includes(wanted)), events.join("\n")); // oxfmt-ignore
  });

  it("is listed, and answers chats, to OpenAI's client", limit, async () => {
    assert.deepEqual((await client.models.list()).data.map(({ id }) => id), ["texts", "writer"]); // oxfmt-ignore
    const messages = [{ role: "user" as const, content: "Go on" }];
    const asked = { model: "writer", messages, max_completion_tokens: 3, temperature: 0 };
    const prompt_tokens = "user: Go on\nassistant: ".length + 1;
    const { choices, usage } = await client.chat.completions.create(asked);
    assert.deepEqual([choices[0]!.message.content, choices[0]!.finish_reason], ["abc", "length"]);
    assert.deepEqual(usage, { prompt_tokens, completion_tokens: 3, total_tokens: prompt_tokens + 3 });
    const stream = await client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } });
    const chunks = await Array.fromAsync(stream);
    assert.equal(chunks.map(({ choices: [choice] }) => choice?.delta.content ?? "").join(""), "abc");
    assert.deepEqual(chunks.at(-2)!.choices[0]!.finish_reason, "length");
    assert.deepEqual(chunks.at(-1)!.usage, usage);
  });

  it("gives several answers to OpenAI's client, one after the other where it writes one at a time", limit, async () => {
    const messages = [{ role: "user" as const, content: "Go on" }];
    const asked = { model: "writer", messages, max_tokens: 8, temperature: 2, seed: 3, n: 3 };
    const { choices, usage } = await client.chat.completions.create(asked);
    assert.deepEqual(choices.map(({ index }) => index), [0, 1, 2]); // oxfmt-ignore
    assert.equal(new Set(choices.map(({ message }) => message.content)).size, 3);
    const prompt_tokens = "user: Go on\nassistant: ".length + 1;
    assert.deepEqual([usage!.prompt_tokens, usage!.total_tokens], [prompt_tokens, prompt_tokens + usage!.completion_tokens]);
    const chunks = await Array.fromAsync(await client.chat.completions.create({ ...asked, stream: true }));
    for (const { index, message } of choices) {
      const own = chunks.flatMap((chunk) => chunk.choices.filter((each) => each.index === index));
      assert.equal(own.map(({ delta }) => delta.content ?? "").join(""), message.content);
    }
    const greedy = { model: "writer", prompt: ["abc", "uv"], max_tokens: 3, temperature: 0 };
    const texts = await client.completions.create(greedy);
    assert.deepEqual(texts.choices.map(({ text }) => text), ["def", "wxy"]); // oxfmt-ignore
    assert.deepEqual(texts.usage, { prompt_tokens: 7, completion_tokens: 6, total_tokens: 13 });
  });

  it("answers completions, and gives texts as numbers, to OpenAI's client", limit, async () => {
    const asked = { model: "writer", prompt: "abc", max_tokens: 9, temperature: 0, stop: ["hij"] };
    const { choices, usage } = await client.completions.create(asked);
    assert.deepEqual([choices[0]!.text, choices[0]!.finish_reason, usage!.prompt_tokens], ["defg", "stop", 4]);
    const chunks = await Array.fromAsync(await client.completions.create({ ...asked, stream: true }));
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? "").join(""), "defg");
    const { data, usage: counted } = await client.embeddings.create({ model: "texts", input: ["abc", "xy"] });
    assert.deepEqual([data.length, data[0]!.embedding.length, counted], [2, 64, { prompt_tokens: 5, total_tokens: 5 }]);
  });

  it("tells the chances of its tokens to OpenAI's client and on /api", limit, async () => {
    const messages = [{ role: "user" as const, content: "Go on" }];
    const asked = { model: "writer", messages, max_tokens: 3, temperature: 0, logprobs: true };
    const { choices } = await client.chat.completions.create({ ...asked, top_logprobs: 2 });
    const content = choices[0]!.logprobs!.content!;
    assert.deepEqual(content.map(({ token }) => token), ["a", "b", "c"]); // oxfmt-ignore
    for (const { token, logprob, bytes, top_logprobs: top } of content) {
      assert.ok(logprob < 0 && logprob > -5, String(logprob));
      assert.deepEqual([bytes, top.length, top[0]!.token], [[...Buffer.from(token)], 2, token]);
      assert.ok(Math.abs(top[0]!.logprob - logprob) < 1e-6 && top[1]!.logprob < logprob);
    }
    const chunks = await Array.fromAsync(await client.chat.completions.create({ ...asked, stream: true }));
    const streamed = chunks.flatMap((chunk) => chunk.choices[0]!.logprobs?.content ?? []);
    assert.deepEqual(streamed.map(({ token, top_logprobs: top }) => [token, top]), [["a", []], ["b", []], ["c", []]]); // oxfmt-ignore
    // What ends the answer is not a part of it; two tokens make one letter.
    const ended = await client.completions.create({ model: "writer", prompt: "abc", logprobs: 1, temperature: 0, stop: "gh" });
    assert.deepEqual([ended.choices[0]!.text, ended.choices[0]!.logprobs!.tokens], ["def", ["d", "e", "f"]]);
    const item = { prompt: "0", maxTokens: 3, temperature: 0, logprobs: 0 };
    const { output } = (await (await predict(item)).json()) as any;
    assert.deepEqual([output.content, output.logprobs.map((each: any) => Object.keys(each))], ["é1", Array.from({ length: 3 }, () => ["token", "logprob"])]); // oxfmt-ignore
    const refused = (await (await predict({ ...item, logprobs: 21 })).json()) as any;
    assert.match(refused.error.message, /logprobs is the number 21, and must be a whole number from 0 to 20/);
  });

  it("names what it refuses as the client wrote it, on OpenAI's addresses and on /api", limit, async () => {
    const wishes: [openai: object, param: string, item: object, name: string][] = [
      [{ max_tokens: 0 }, "max_tokens", { maxTokens: 0 }, "maxTokens"],
      [{ max_completion_tokens: 0 }, "max_completion_tokens", { maxTokens: 0.5 }, "maxTokens"],
      [{ top_p: 3 }, "top_p", { topP: 3 }, "topP"],
      [{ top_k: -1 }, "top_k", { topK: -1 }, "topK"],
      [{ frequency_penalty: 3 }, "frequency_penalty", { frequencyPenalty: 3 }, "frequencyPenalty"],
      [{ repetition_penalty: -1 }, "repetition_penalty", { repeatPenalty: -1 }, "repeatPenalty"],
      [{ stop: [""] }, "stop", { stop: [""] }, "stop"],
      [{ response_format: { type: "xml" } }, "response_format", { responseFormat: { type: "xml" } }, "responseFormat"],
    ];
    for (const [wish, param, item, name] of wishes) {
      const asked = { model: "writer", messages: [{ role: "user" as const, content: "a" }], ...wish };
      const refused = await client.chat.completions.create(asked).catch((error: unknown) => error);
      assert.ok(refused instanceof OpenAI.BadRequestError, String(refused));
      assert.deepEqual([refused.param, refused.message.split(" ")[1]], [param, param]);
      const told = JSON.stringify(await (await predict({ prompt: "a", ...item })).json());
      assert.ok(told.includes(`"message":"${name} `), told);
    }
  });

  it("takes text_input and gives text_output, as Triton's clients ask language models", limit, async () => {
    const whole = { model_name: "writer", model_version: "1", finish_reason: "length", num_input_tokens: 4 };
    const { body } = await generate({ id: "7", text_input: "abc", max_tokens: 3, temperature: 0 });
    assert.deepEqual(body, { ...whole, id: "7", text_output: "def", num_output_tokens: 3 });
    const ways = [
      { parameters: { temperature: 0, max_tokens: 9, stop_words: ["hij"], stream: false } },
      { sampling_parameters: '{"temperature": 0, "max_tokens": 9, "stop": "hij"}' },
      { temperature: 0, max_tokens: 9, stop: ["hij"], bad_words: "", random_seed: 1, repetition_penalty: 1 },
    ];
    for (const way of ways) {
      const answer = (await generate({ text_input: "abc", ...way })).body;
      assert.deepEqual([answer.text_output, answer.finish_reason], ["defg", "stop"]);
    }
    const back = await generate({ text_input: "abc", temperature: 0, exclude_input_in_output: false });
    assert.deepEqual([back.body.text_output, back.body.num_output_tokens], ["abcdefghijklmnopqrstuvw", 20]);
  });

  it("streams text_output, and at last why it ended", limit, async () => {
    const ask = async (more: object) => {
      const body = { text_input: "abc", parameters: { max_tokens: 3, temperature: 0, ...more } };
      const response = await post("/v2/models/writer/generate_stream", body);
      return eventsOf(await response.text()).map((event) => JSON.parse(event));
    };
    const events = await ask({ stream: true });
    assert.deepEqual(events.map((event) => event.text_output), ["d", "e", "f", ""]); // oxfmt-ignore
    assert.deepEqual([events.at(-1).finish_reason, events.at(-1).num_output_tokens], ["length", 3]);
    const [whole, ...none] = await ask({ stream: false });
    assert.deepEqual([whole.text_output, none], ["def", []]);
  });

  it("says which wish of a generation it does not know", limit, async () => {
    const cases: [object, RegExp][] = [
      [{ text_input: 5 }, /^text_input is the number 5, and must be a text/],
      [{ text_input: "a", stream: true }, /^stream is true, and the answer here is one piece/],
      [{ text_input: "a", stream: "no" }, /^stream is the string "no", and must be true or false/],
      [{ text_input: "a", bad_words: ["b"] }, /^bad_words is an array of 1, which is not done here/],
      [{ text_input: "a", beam_width: 2 }, /^beam_width is the number 2, which is not done here/],
      [{ text_input: "a", sampling_parameters: "{" }, /^sampling_parameters is the string "\{", and must be an object/],
      [{ text_input: "a", max_tokens: 0 }, /^max_tokens is the number 0/],
      [{ text_input: "a", stop_words: [5] }, /^stop_words is an array of 1, and must be a text/],
      [{ text_input: "a", random_seed: "x" }, /^random_seed is the string "x", and must be a whole number/],
      [{ text_input: "a", repetition_penalty: -1 }, /^repetition_penalty is the number -1, and must be a number from 0 to 10/],
    ];
    for (const [body, message] of cases) {
      const answer = await generate(body);
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.match(answer.body.error, message);
    }
  });

  it("writes no more for a client that has left, or past the deadline", limit, async () => {
    const left = new AbortController();
    const endless = { prompt: "abc", temperature: 0 };
    const response = await predict(endless, { headers: { accept: "text/event-stream" }, signal: left.signal });
    for await (const chunk of response.body!) if (chunk.length > 0) break;
    left.abort();
    const late = await predict(endless, { headers: { "cortado-deadline": "300" } });
    assert.equal(late.status, 504);
    const stream = await client.chat.completions.create({
      model: "writer",
      messages: [{ role: "user", content: "Go on" }],
      temperature: 0,
      stream: true,
    });
    for await (const _ of stream) break;
    stream.controller.abort();
    const { output } = (await (await predict({ ...endless, maxTokens: 2 })).json()) as any;
    assert.equal(output.content, "de");
  });
});

describe("cortado serve", { skip: skipped }, () => {
  it("serves a folder with model.gguf to curl, on all addresses", { timeout: 60_000 }, async (t) => {
    const root = modelsFolder();
    writeTinyLlama(join(root, "letters/model.gguf"));
    const serve = startServe(t, [root, "--port", "0"], { cwd: llamaPackages! });
    const url = await serve.url();
    const curl = async (address: string, body?: object) => {
      const sent = body ? ["-H", "content-type: application/json", "-d", JSON.stringify(body)] : [];
      return JSON.parse((await promisify(execFile)("curl", ["-s", "-m", "30", ...sent, url + address])).stdout);
    };
    const asked = { max_tokens: 3, temperature: 0 };
    await promisify(execFile)("curl", ["-sf", "--retry", "100", "--retry-delay", "1", "-m", "50", `${url}/health/ready`]);
    const predicted = await curl("/api/models/letters/predict", { input: { prompt: "abc", maxTokens: 3, temperature: 0 } });
    assert.equal(predicted.output.content, "def");
    assert.equal((await curl("/openai/v1/models")).data[0].id, "letters");
    const { choices } = await curl("/openai/v1/completions", { model: "letters", prompt: "abc", ...asked });
    assert.equal(choices[0].text, "def");
    const generated = await curl("/v2/models/letters/generate", { text_input: "abc", ...asked });
    assert.equal(generated.text_output, "def");
  });
});
