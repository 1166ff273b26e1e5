// What OpenAI's protocol calls logprobs, of handlers that tell them and of those that do not.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { include, path } from "cortado/http";
import { type ChatItem, type CompletionItem, handler, ModelServer, openaiUrls, type TokenChance } from "cortado/serving";
import OpenAI from "openai";
import { protocolSite } from "./protocol-site.ts";

const white: TokenChance = { token: " white", logprob: -0.5, top: [{ token: " black", logprob: -0.25 }] };
const cup: TokenChance = { token: "\uFFFD", logprob: Number.NEGATIVE_INFINITY, bytes: [0xe2] };
let asked: ChatItem | undefined;
const sure = handler({
  name: "sure",
  task: ["chat", "completion"],
  access: "public",
  async *stream(item: ChatItem & CompletionItem) {
    asked = item;
    if (item.logprobs === undefined) return yield "flat white";
    yield { content: "flat", logprobs: [{ token: "flat", logprob: -0.1 }] };
    yield { content: " white", logprobs: [white, cup] };
    yield { finishReason: "length" as const };
  },
});
const silent = handler({
  name: "silent",
  task: ["chat", "completion"],
  access: "public",
  async *stream() {
    yield "flat";
    yield " white";
  },
});
const told = (name: string, logprobs: unknown) =>
  handler({
    name,
    task: ["chat", "completion"],
    access: "public",
    async *stream() {
      yield { content: "a", logprobs };
    },
  });
const likely = [-1, -2, -3].map((logprob) => ({ token: `${logprob}`, logprob }));
const generous = told("generous", [{ token: "a", logprob: -1, top: likely }]);
const wrong = [5, [7], [{ token: "a", logprob: Number.NaN }], [{ token: "a", logprob: -1, top: [{}] }]];
const handlers = [sure, silent, generous, ...wrong.map((logprobs, i) => told(`wrong-${i}`, logprobs))];
const models = new ModelServer({ handlers, log: { info() {}, warn() {} } });
const site = await protocolSite([path("openai/v1/", include(openaiUrls()))], models);
after(() => site.close());
const client = new OpenAI({ apiKey: "none", baseURL: `${site.url}/openai/v1`, maxRetries: 0 });
const messages = [{ role: "user" as const, content: "Coffee?" }];
const chat = { model: "sure", messages, logprobs: true, top_logprobs: 1 };
const entry = (token: string, logprob: number, top_logprobs?: object[]) => ({ token, logprob, bytes: [...Buffer.from(token)], ...(top_logprobs && { top_logprobs }) }); // prettier-ignore
const content = [
  entry("flat", -0.1, []),
  entry(" white", -0.5, [entry(" black", -0.25)]),
  { token: "\uFFFD", logprob: -9999, bytes: [0xe2], top_logprobs: [] },
];

describe("The chances of tokens", () => {
  it("are told in chats where they are asked for, whole and piece by piece", async () => {
    const { choices } = await client.chat.completions.create(chat);
    assert.deepEqual([choices[0]!.message.content, choices[0]!.logprobs], ["flat white", { content, refusal: null }]);
    assert.deepEqual([asked!.logprobs, asked!.options], [1, {}]);
    const chunks = await Array.fromAsync(await client.chat.completions.create({ ...chat, stream: true }));
    assert.deepEqual(chunks.flatMap((chunk) => chunk.choices[0]!.logprobs?.content ?? []), content); // oxfmt-ignore
    await client.chat.completions.create({ ...chat, top_logprobs: null });
    assert.equal(asked!.logprobs, 0);
  });

  it("are not told to who does not ask", async () => {
    for (const logprobs of [false, null, undefined]) {
      const { choices } = await client.chat.completions.create({ ...chat, logprobs, top_logprobs: 0 });
      assert.equal(choices[0]!.logprobs, null);
      assert.equal(asked!.logprobs, undefined);
    }
  });

  it("are told to nobody who does not ask, and no more of them than were asked for, whatever the handler gives", async () => {
    const ask = { model: "generous", prompt: "a" };
    assert.equal((await client.chat.completions.create({ model: "generous", messages })).choices[0]!.logprobs, null);
    assert.equal((await client.completions.create(ask)).choices[0]!.logprobs, null);
    for await (const { choices } of await client.completions.create({ ...ask, stream: true }))
      assert.equal(choices[0]!.logprobs, null);
    const { choices } = await client.chat.completions.create({ ...chat, model: "generous", top_logprobs: 2 });
    assert.deepEqual(choices[0]!.logprobs!.content![0]!.top_logprobs.map(({ token }) => token), ["-1", "-2"]); // oxfmt-ignore
    const whole = await client.completions.create({ ...ask, logprobs: 0 });
    assert.equal(whole.choices[0]!.logprobs!.top_logprobs, null);
  });

  it("are the handler's fault where they are none, whole and in a stream", async () => {
    for (const i of wrong.keys()) {
      const asked = { ...chat, model: `wrong-${i}` };
      await assert.rejects(client.chat.completions.create(asked), OpenAI.InternalServerError);
      await assert.rejects(client.chat.completions.create({ ...asked, stream: true }), OpenAI.InternalServerError);
    }
  });

  it("are told in completions, with the places of the tokens", async () => {
    const wanted = {
      tokens: ["flat", " white", "\uFFFD"],
      token_logprobs: [-0.1, -0.5, -9999],
      top_logprobs: [{ flat: -0.1 }, { " black": -0.25, " white": -0.5 }, { "\uFFFD": -9999 }],
      text_offset: [0, 4, 10],
    };
    const whole = await client.completions.create({ model: "sure", prompt: "a", logprobs: 1 });
    assert.deepEqual(whole.choices[0]!.logprobs, wanted);
    const chunks = await Array.fromAsync(
      await client.completions.create({ model: "sure", prompt: "a", logprobs: 1, stream: true }),
    );
    assert.deepEqual(chunks.flatMap(({ choices }) => choices[0]!.logprobs?.text_offset ?? []), [0, 4, 10]); // oxfmt-ignore
  });

  it("are refused by name where the model does not tell them, before a stream begins too", async () => {
    for (const stream of [false, true]) {
      const refused = await client.chat.completions.create({ ...chat, model: "silent", stream }).catch((error: unknown) => error);
      assert.ok(refused instanceof OpenAI.BadRequestError, String(refused));
      assert.equal(refused.param, "logprobs");
      assert.match(refused.message, /logprobs is given, and the model "silent" does not tell the chances of its tokens\./);
    }
    const refused = await client.completions
      .create({ model: "silent", prompt: "a", logprobs: 0 })
      .catch((error: unknown) => error);
    assert.ok(refused instanceof OpenAI.BadRequestError && refused.param === "logprobs", String(refused));
  });

  it("are refused in a form that is none", async () => {
    const cases: [object, RegExp, string][] = [
      [{ logprobs: 1 }, /logprobs is the number 1, and must be true or false/, "logprobs"],
      [{ top_logprobs: 21 }, /top_logprobs is the number 21, and must be a whole number from 0 to 20/, "top_logprobs"],
      [{ top_logprobs: "2" }, /top_logprobs is the string "2"/, "top_logprobs"],
      [{ logprobs: false }, /top_logprobs is given, and needs logprobs to be true/, "top_logprobs"],
    ];
    for (const [wish, message, param] of cases) {
      const refused = await client.chat.completions.create({ ...chat, ...wish } as never).catch((error: unknown) => error);
      assert.ok(refused instanceof OpenAI.BadRequestError, String(refused));
      assert.match(refused.message, message);
      assert.equal(refused.param, param);
    }
    const asTrue = { model: "sure", prompt: "a", logprobs: true } as never;
    const refused = await client.completions.create(asTrue).catch((error: unknown) => error);
    assert.match(String(refused), /logprobs is the boolean true, and must be a whole number from 0 to 20/);
  });
});
