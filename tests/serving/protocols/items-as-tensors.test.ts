import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer, pipeline, publicOnly, startGrpc, tensorFlowServingUrls } from "cortado/serving";
import { GrpcClient } from "../clients/grpc-client.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { infer, readAnswer, startV2 } from "./open-inference-server.ts";
import { protocolSite } from "./protocol-site.ts";

const root = temporaryFolder();
putModel(root, "both/1", timesModel(2));
putModel(root, "both/2", timesModel(3));
const greet = handler({
  name: "greet",
  access: "public",
  inference: (items: { name: string; times?: number }[]) =>
    items.map(({ name, times = 1 }) => ({ text: `Hello ${name}`.repeat(times), score: Number.NaN })),
});
const story = handler({
  name: "story",
  access: "public",
  async *stream({ text }: { text: string }) {
    for (const word of text.split(" ")) {
      await sleep(1);
      yield word;
    }
  },
});
const writer = handler({
  name: "writer",
  task: "completion",
  access: "public",
  async *stream() {
    await sleep(30);
    yield "words";
  },
});
const twice = pipeline({
  name: "twice",
  access: "public",
  steps: { greet },
  run: async ({ name }: { name: string }, steps) => [await steps.greet({ name }), await steps.greet({ name: `${name}!` })],
});
const server = await startV2(root, [greet, story, twice, writer]);
const grpcServer = await startGrpc(server.models, { port: 0, authorizer: publicOnly });
const client = new GrpcClient(grpcServer.address);
after(async () => {
  client.close();
  await grpcServer.close();
  await server.close();
});

const v2 = async (address: string) => (await readAnswer(await fetch(`${server.url}/v2${address}`))).body;
const ask = (model: string, data: unknown, rest: object = {}) =>
  infer(`${server.url}/v2/models/${model}/infer`, {
    head: { inputs: [{ name: "items", datatype: "BYTES", shape: [(data as unknown[]).length], data }], ...rest },
  });
const texts = (bytes: Buffer) => {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32LE(at))
    found.push(bytes.toString("utf8", at + 4, at + 4 + bytes.readUInt32LE(at)));
  return found;
};
const spoken = {
  inputs: [{ name: "items", datatype: "BYTES", shape: [-1] }],
  outputs: [{ name: "answers", datatype: "BYTES", shape: [-1] }],
};

describe("a model without tensors on the Open Inference Protocol", () => {
  it("says that it takes its items as texts of JSON, whatever answers them", async () => {
    for (const name of ["greet", "story", "twice"]) {
      const { inputs, outputs, platform } = await v2(`/models/${name}`);
      assert.equal(platform, name === "twice" ? "pipeline" : "functions");
      assert.deepEqual({ inputs, outputs }, spoken);
      const { answer } = await client.call("ModelMetadata", { name });
      const shape = ["-1"];
      assert.deepEqual([answer.inputs, answer.outputs], [[{ ...spoken.inputs[0], shape }], [{ ...spoken.outputs[0], shape }]]);
      const { input, max_batch_size } = await v2(`/models/${name}/config`);
      assert.deepEqual([input, max_batch_size], [[{ name: "items", data_type: "TYPE_STRING", dims: [-1] }], 0]);
    }
    assert.deepEqual((await v2("/models")).models.sort(), ["both", "greet", "story", "twice", "writer"]);
  });

  it("refuses what an answer has no place for, and an id that is none", async () => {
    const generate = async (more: object) => {
      const body = JSON.stringify({ text_input: "Go on", ...more });
      const response = await fetch(`${server.url}/v2/models/writer/generate`, { method: "POST", body });
      return [response.status, ((await response.json()) as { error?: string }).error];
    };
    assert.deepEqual(await generate({ logprobs: true }), [400, "logprobs is the boolean true, which is not done here."]);
    assert.deepEqual(await generate({ id: {} }), [400, "id is an object, and must be a string."]);
    assert.deepEqual(await generate({ id: "7", logprobs: false }), [200, undefined]);
  });

  it("says how long a text waited for its turn, and how long it was written", async () => {
    const inputs = [{ name: "text_input", datatype: "BYTES", shape: [1], data: ["Go on"] }];
    const timed = async () => {
      const { headers } = await infer(`${server.url}/v2/models/writer/infer`, { head: { inputs } });
      const [, queue, run] = /^queue;dur=([\d.]+), run;dur=([\d.]+)$/.exec(headers.get("server-timing")!)!;
      return { queue: Number(queue), run: Number(run) };
    };
    const [first, second] = (await Promise.all([timed(), timed()])).sort((a, b) => a.queue - b.queue);
    assert.ok(second!.queue > first!.queue && second!.queue >= 15, JSON.stringify([first, second]));
    assert.ok(second!.run >= 15, JSON.stringify(second));
  });

  it("answers them all by one version, in their order, through the handler", async () => {
    const { status, body, headers } = await ask("greet", ['{"name": "Ada"}', '{"name": "Bo", "times": 2}'], { id: "7" });
    assert.deepEqual([status, body.id, headers.get("cortado-model")], [200, "7", "greet@1"]);
    const [output] = body.outputs;
    assert.deepEqual([output.name, output.datatype, output.shape], ["answers", "BYTES", [2]]);
    assert.deepEqual(output.data, ['{"text":"Hello Ada","score":null}', '{"text":"Hello BoHello Bo","score":null}']);
    const pair = await ask("twice", ['{"name": "Ada"}']);
    assert.equal(JSON.parse(pair.body.outputs[0].data[0])[1].text, "Hello Ada!");
    assert.deepEqual((await ask("story", ['{"text": "a b"}'])).body.outputs[0].data, ['"ab"']);
  });

  it("takes and gives them as bytes, as Triton's clients send texts", async () => {
    const text = Buffer.from('{"name": "Ada"}');
    const bytes = Buffer.concat([Buffer.from(Uint32Array.of(text.length).buffer), text]);
    const inputs = [{ name: "items", datatype: "BYTES", shape: [1], parameters: { binary_data_size: bytes.length } }];
    const head = { inputs, parameters: { binary_data_output: true } };
    const answer = await infer(`${server.url}/v2/models/greet/infer`, { head, bytes });
    assert.deepEqual(texts(answer.bytes), ['{"text":"Hello Ada","score":null}']);
    const tensor = { name: "items", datatype: "BYTES", shape: [1] };
    const called = await client.call("ModelInfer", { model_name: "greet", inputs: [tensor], raw_input_contents: [bytes] });
    assert.deepEqual([called.code, called.metadata["cortado-model"]], [0, "greet@1"]);
    assert.deepEqual(texts(called.answer.raw_output_contents[0]), ['{"text":"Hello Ada","score":null}']);
  });

  it("says what is wrong with an item, and which", async () => {
    const refused = async (data: unknown[], problem: RegExp) => {
      const { status, body } = await ask("greet", data);
      assert.deepEqual([status, problem.test(body.error)], [400, true], JSON.stringify(body));
    };
    await refused(['{"name": "Ada"}', "Bo"], /^items\[1\] is not an item as JSON: .*line 1, column 1.* A text stands in quotes/);
    await refused([], /^items has no item, and takes one or more\./);
    await refused([`${"[".repeat(101)}${"]".repeat(101)}`], /^items\[0\] is not an item as JSON: .*100 levels/);
    await refused(['{"__proto__": 1}'], /^items\[0\] is not an item as JSON: .*__proto__/);
    const other = { inputs: [{ name: "text", datatype: "BYTES", shape: [1], data: ["a"] }] };
    const { status, body } = await infer(`${server.url}/v2/models/greet/infer`, { head: other });
    assert.equal(status, 400);
    assert.match(body.error, /^inputs has "text", which the model does not take; it takes items BYTES \[-1\]/);
  });

  it("answers pieces on a stream of gRPC by the same tensors, one item a request", async () => {
    const call = client.stream();
    const answers: any[] = [];
    call.on("data", (answer: any) => answers.push(answer));
    const ended = new Promise((done) => call.once("status", done));
    const item = (...items: string[]) => ({
      model_name: "story",
      inputs: [{ name: "items", datatype: "BYTES", shape: [items.length], contents: { bytes_contents: items.map((text) => Buffer.from(text)) } }], // prettier-ignore
    });
    call.write(item('{"text": "once upon"}'));
    while (answers.length < 2) await sleep(5);
    call.write(item("{}", "{}"));
    call.end();
    await ended;
    const pieces = answers.slice(0, 2).map(({ infer_response: { outputs, raw_output_contents: [raw] } }) => [outputs[0].name, ...texts(raw)]); // prettier-ignore
    assert.deepEqual(pieces, [
      ["answers", '"once"'],
      ["answers", '"upon"'],
    ]);
    assert.equal(answers[2].error_message, "items has 2 items; over a stream each request takes one.");
  });

  it("says at TensorFlow Serving's addresses that it has no tensors, and where it is asked", async () => {
    const site = await protocolSite(tensorFlowServingUrls(), new ModelServer({ handlers: [greet, story] }));
    try {
      for (const name of ["greet", "story"]) {
        const error = `The model "${name}" answers items, and has no tensors. Ask it with its items as JSON: POST /v2/models/${name}/infer takes them as texts.`;
        for (const [address, init] of [
          ["/metadata", {}],
          [":predict", { method: "POST", body: '{"instances": [1]}' }],
        ] as const) {
          // prettier-ignore
          const response = await fetch(`${site.url}/v1/models/${name}${address}`, init);
          assert.deepEqual([response.status, await response.json()], [400, { error }]);
        }
      }
    } finally {
      await site.close();
    }
  });
});
