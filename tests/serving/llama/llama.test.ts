// Language models in GGUF files, run by node-llama-cpp.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, llama, type LlamaAnswer, type LlamaEnd, ModelServer } from "cortado/serving";
import { refusal } from "../refused.ts";
import { skipped } from "./llama-package.ts";
import { llamaProcesses, modelsFolder } from "./served-llama.ts";
import { writeTinyLlama } from "./tiny-llama.ts";

const alphabet = handler({
  name: "alphabet",
  source: "file:alphabet",
  runtime: llama({ context: 200, sequences: 2, threads: 1 }),
});
const texts = handler({ name: "texts", source: "file:alphabet", runtime: llama({ threads: 1 }), task: "embeddings" });
const greedy = { temperature: 0 };

describe("llama()", { skip: skipped }, () => {
  const root = modelsFolder();
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const server = new ModelServer({ handlers: [alphabet, texts], directories: ["loose"], root, log });
  before(async () => {
    writeTinyLlama(join(root, "alphabet/1/model.gguf"));
    writeTinyLlama(join(root, "loose/plain/tiny.Q4_K_M.gguf"));
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  it("goes on with a text, the same way each time where it takes the likeliest token", async () => {
    const asked = { prompt: "abc", maxTokens: 10, ...greedy };
    const wanted = { content: "defghijklm", finishReason: "length", usage: { promptTokens: 4, completionTokens: 10 } };
    assert.deepEqual(await alphabet.predict(asked), wanted);
    assert.deepEqual(await alphabet.predict(asked), wanted);
    const one = await alphabet.predict({ ...asked, prompt: "x" });
    assert.deepEqual([one.content, one.usage], ["yz abcdefg", { promptTokens: 2, completionTokens: 10 }]);
  });

  it("serves the only .gguf file of a folder without a handler, and says what it can do", async () => {
    const { outputs } = await server.predict("plain", [{ prompt: "abc", maxTokens: 3, ...greedy }]);
    assert.equal((outputs[0] as { content: string }).content, "def");
    assert.deepEqual(server.describe("plain").tasks, ["chat", "completion"]);
    assert.deepEqual(server.describe("texts").tasks, ["embeddings"]);
  });

  it("gives the same answer for the same seed, and another for another", async () => {
    const ask = async (seed: number) => (await alphabet.predict({ prompt: "abc", seed, temperature: 1, maxTokens: 30 })).content;
    const [first, again, other] = [await ask(1), await ask(1), await ask(2)];
    assert.equal(first, again);
    assert.notEqual(first, other);
    assert.ok(!"abcdefghijklmnopqrstuvwxyz ".repeat(3).includes(first), first);
  });

  it("ends at its own end, at a stop text, at so many tokens, and where the context is full", async () => {
    const own = await alphabet.predict({ prompt: "?", ...greedy });
    assert.deepEqual(own, { content: "!", finishReason: "stop", usage: { promptTokens: 2, completionTokens: 1 } });
    const stopped = await alphabet.predict({ prompt: "abc", stop: ["zzz", "hij"], ...greedy });
    assert.deepEqual([stopped.content, stopped.finishReason], ["defg", "stop"]);
    const full = await alphabet.predict({ prompt: "abc", ...greedy });
    assert.deepEqual([full.finishReason, full.usage], ["length", { promptTokens: 4, completionTokens: 196 }]);
    assert.equal(full.content.length, 196);
  });

  it("streams texts, letters of several bytes whole, and at last why it ended", async () => {
    const pieces = await Array.fromAsync(alphabet.stream({ prompt: "0", maxTokens: 4, ...greedy }));
    const end = pieces.pop() as LlamaEnd;
    // Two bytes are one letter.
    assert.deepEqual(pieces.join(""), "é1 ".slice(0, pieces.join("").length));
    assert.ok(pieces.includes("é"), JSON.stringify(pieces));
    assert.deepEqual(end, { finishReason: "length", usage: { promptTokens: 2, completionTokens: 4 } });
    const held = await Array.fromAsync(alphabet.stream({ prompt: "abc", stop: ["fgx"], maxTokens: 6, ...greedy }));
    assert.deepEqual(held.slice(0, -1), ["d", "e", "fgh", "i"]);
  });

  it("answers conversations by the model's own template", async () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Go on" }] },
    ];
    const { content, usage } = await alphabet.predict({ messages, maxTokens: 5, ...greedy });
    const prompt = "system: Be brief.\nuser: Go on\nassistant: ";
    assert.deepEqual([content, usage], ["abcde", { promptTokens: prompt.length + 1, completionTokens: 5 }]);
    const gone = await alphabet.predict({
      messages: [...messages, { role: "assistant", content: "ab" }],
      maxTokens: 3,
      ...greedy,
    });
    assert.equal(gone.content, "cde");
  });

  it("says in a line that the model's own template cannot be used, and writes conversations in another form", async () => {
    const broken = { missing: "{% for m in messages %}{{ m['role'] ", unknown: "{{ messages | frothed }}" };
    for (const [name, value] of Object.entries(broken))
      writeTinyLlama(join(root, `templates/${name}/tiny.gguf`), { "tokenizer.chat_template": { type: "string", value } });
    const said: string[] = [];
    const keep = (line: string) => void said.push(line);
    const other = new ModelServer({ directories: ["templates"], root, log: { info: keep, warn: keep } });
    await other.start();
    await other.settled();
    const asked = { messages: [{ role: "user", content: "Go on" }], maxTokens: 3, ...greedy };
    for (const name of Object.keys(broken)) {
      const [answer] = (await other.predict(name, [asked])).outputs as { content: string }[];
      assert.equal(answer!.content.length, 3);
    }
    await other.close();
    const lines = said.filter((line) => /^(missing|unknown): /.test(line)).sort();
    assert.equal(lines.length, 2, said.join("\n"));
    const rest = 'Conversations take the form "Llama2Chat" instead, which the model may not have learned.';
    assert.equal(lines[0], `missing: The chat template of tiny.gguf cannot be used: Unexpected end of input. ${rest}`);
    assert.match(lines[1]!, /cannot be used: Unknown ArrayValue filter: frothed\. Conversations/);
  });

  it("keeps to JSON, and to a schema", async () => {
    const schema = { type: "object", properties: { ok: { type: "boolean" } } };
    const responseFormat = { type: "json_schema", json_schema: { name: "answer", schema } };
    const { content, finishReason } = await alphabet.predict({ prompt: "abc", seed: 1, maxTokens: 100, responseFormat });
    assert.equal(typeof JSON.parse(content).ok, "boolean");
    assert.equal(finishReason, "stop");
  });

  it("answers side by side in one process", async () => {
    const asked = { prompt: "abc", maxTokens: 100, ...greedy };
    const before = llamaProcesses().length;
    const answers = await Promise.all(Array.from({ length: 6 }, () => alphabet.predict(asked)));
    for (const { content } of answers) assert.equal(content.slice(0, 5), "defgh");
    assert.equal(llamaProcesses().length, before);
  });

  it("gives up what nobody reads any more", { timeout: 20_000 }, async () => {
    for (let i = 0; i < 6; i++)
      for await (const piece of alphabet.stream({ prompt: "abc", ...greedy })) {
        assert.equal(piece, "d");
        break;
      }
    const controller = new AbortController();
    const pieces = alphabet.stream({ prompt: "abc", ...greedy }, { signal: controller.signal })[Symbol.asyncIterator]();
    await pieces.next();
    controller.abort();
    await assert.rejects(pieces.next(), { name: "AbortError" });
    const { content } = await alphabet.predict({ prompt: "abc", maxTokens: 3, ...greedy });
    assert.equal(content, "def");
  });

  it("gives texts as numbers", async () => {
    const [first, again, other] = await texts.predictMany(["abc", "abc", "xyz"]);
    assert.equal(first!.embedding.length, 64);
    assert.equal(first!.tokens, 3);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    await assert.rejects(
      texts.predict([5, 260]),
      refusal({ code: "SERVING_BAD_INPUT", message: "The input has the token 260, and the model knows those below 260." }),
    );
  });

  it("says why llama.cpp refuses a file", async () => {
    writeTinyLlama(join(root, "strange/1/model.gguf"), { "general.architecture": { type: "string", value: "gpt99" } });
    const strange = handler({ name: "strange", source: "file:strange", runtime: llama({ threads: 1 }) });
    const quiet = new ModelServer({ handlers: [strange], root, log: { info() {}, warn() {} } });
    await quiet.start();
    await quiet.settled();
    const { error } = quiet.versions("strange")[0]!;
    await quiet.close();
    assert.match(error!, /^model\.gguf is refused by llama\.cpp: unknown model architecture: 'gpt99'/);
  });

  it("takes a graphics card where there is one, and says that one which it was told to take is not there", async () => {
    const kinds = ["auto", "cuda", "vulkan", "metal"] as const;
    const handlers = kinds.map((gpu) => handler({ name: gpu, source: "file:alphabet", runtime: llama({ gpu, threads: 1 }) }));
    const quiet = new ModelServer({ handlers, root, log: { info() {}, warn() {} } });
    await quiet.start();
    await quiet.settled();
    const states = new Map(kinds.map((gpu) => [gpu, quiet.versions(gpu)[0]!]));
    const answered = (await quiet.predict("auto", [{ prompt: "abc", maxTokens: 3, ...greedy }])).outputs[0] as LlamaAnswer;
    await quiet.close();
    assert.equal(answered.content, "def");
    // The tests install the package's program for the processor alone.
    for (const gpu of ["cuda", "vulkan", "metal"] as const) {
      const { state, error = "" } = states.get(gpu)!;
      const begin = `The execution provider "${gpu}" cannot be used here: node-llama-cpp has no program for it on linux-x64`;
      assert.deepEqual([state, error.startsWith(begin)], ["failed", true], error);
    }
  });

  it("refuses what it cannot answer, in words", async () => {
    const cases: [unknown, string, RegExp?][] = [
      [{}, "The input has neither prompt nor messages."],
      [{ prompt: "a", messages: [] }, "The input has both prompt and messages."],
      [5, "The input is the number 5, and must be a text, { prompt } or { messages }."],
      [{ prompt: "a", maxToken: 5 }, 'The input has "maxToken", which is not known here.', /maxTokens/],
      [{ prompt: "a", temperature: 3 }, "temperature is the number 3, and must be a number from 0 to 2."],
      [{ prompt: "a", stop: [""] }, "stop is an array of 1, and must be a text or an array of texts, none of them empty."],
      [{ prompt: "a", maxTokens: 0 }, "maxTokens is the number 0, and must be a whole number from 1 on."],
      [{ prompt: "a", topP: 2 }, "topP is the number 2, and must be a number from 0 to 1."],
      [
        { prompt: "a", responseFormat: { type: "xml" } },
        'responseFormat must be of the type "text", "json_object", or "json_schema" with a schema.',
      ],
      [
        { prompt: "a", responseFormat: { type: "json_schema", json_schema: { schema: { enum: [{}] } } } },
        /^responseFormat has a schema that cannot be kept to/ as never,
      ],
      [
        { prompt: "a", options: { repetition_penalty: 99 } },
        "repetition_penalty is the number 99, and must be a number from 0 to 10.",
      ],
      [{ prompt: "a".repeat(300) }, "The input has 301 tokens, and the model's context holds 200, the answer included."],
      [
        { messages: [{ role: "tool", content: "x" }] },
        /^messages\[0\].role is the string "tool"; this runtime knows system/ as never,
      ],
      [{ prompt: "a", options: { tools: [{}] } }, "tools is not known to this runtime."],
      [{ messages: [{ role: "user", content: [{ type: "image_url" }] }] }, /reads text alone/ as never],
    ];
    for (const [item, message, hint] of cases)
      await assert.rejects(server.predict("alphabet", [item]), refusal({ code: "SERVING_BAD_INPUT", message, hint }));
  });
});

describe("The processes of GGUF models", { skip: skipped }, () => {
  const root = modelsFolder();
  const server = new ModelServer({ handlers: [alphabet], root, log: { info() {}, warn() {} } });
  before(async () => {
    writeTinyLlama(join(root, "alphabet/1/model.gguf"));
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  // Loading takes a second or two, most of it the package's own: each kill costs one.
  it("that are killed are started again, and asked once more", { timeout: 60_000 }, async () => {
    const asked = { prompt: "abc", maxTokens: 150, ...greedy };
    const answers = Array.from({ length: 4 }, () => alphabet.predict(asked));
    await sleep(5);
    for (const pid of llamaProcesses()) process.kill(pid, "SIGSEGV");
    for (const answer of await Promise.all(answers)) assert.equal(answer.content.slice(0, 5), "defgh");
    const stream = alphabet.stream({ prompt: "abc", ...greedy })[Symbol.asyncIterator]();
    await stream.next();
    for (const pid of llamaProcesses()) process.kill(pid, "SIGSEGV");
    await assert.rejects(
      async () => {
        while (!(await stream.next()).done);
      },
      refusal({ code: "SERVING_HOST_LOST" }),
    );
    assert.equal((await alphabet.predict({ prompt: "abc", maxTokens: 1, ...greedy })).content, "d");
  });

  it("end with the server", async () => {
    assert.equal(llamaProcesses().length, 1);
    assert.ok(server.versions("alphabet")[0]!.memory! > 2 ** 20);
    await server.close();
    for (let i = 0; i < 100 && llamaProcesses().length > 0; i++) await sleep(20);
    assert.deepEqual(llamaProcesses(), []);
  });

  it("that are killed while they load are started once more", async () => {
    const root = modelsFolder();
    writeTinyLlama(join(root, "killed/1/model.gguf"));
    const killed = handler({ name: "killed", source: "file:killed", runtime: llama({ threads: 1 }) });
    const server = new ModelServer({ handlers: [killed], root, log: { info() {}, warn() {} } });
    await server.start();
    const seen = new Set<number>();
    while (seen.size === 0) {
      for (const pid of llamaProcesses()) {
        seen.add(pid);
        process.kill(pid, "SIGKILL");
      }
      await sleep(5);
    }
    assert.equal((await killed.predict({ prompt: "abc", maxTokens: 1, ...greedy })).content, "d");
    assert.ok(llamaProcesses().every((pid) => !seen.has(pid)));
    await server.close();
  });

  it("that need more memory than they may have are ended, and the model is named", async () => {
    const root = modelsFolder();
    writeTinyLlama(join(root, "greedy/1/model.gguf"));
    const small = handler({ name: "greedy", source: "file:greedy", runtime: llama({ memory: 2 ** 20 }) });
    const server = new ModelServer({ handlers: [small], root, log: { info() {}, warn() {} } });
    await server.start();
    await assert.rejects(
      small.predict("abc"),
      refusal({ code: "SERVING_NOT_READY", message: /it had more than 1 MB of memory/ }),
    );
    await server.close();
  });
});
