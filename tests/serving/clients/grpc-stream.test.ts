import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, publicOnly, startGrpc } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { GrpcClient, input } from "./grpc-client.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
let stopped = 0;
const story = handler({
  name: "story",
  access: "public",
  async *stream({ text, times = 3 }: { text: string; times?: number }) {
    try {
      for (let i = 0; i < times; i++) {
        await sleep(5);
        if (text === "stumble" && i === 1) throw new Error("a secret");
        yield { text_output: `${text} ${i}`, index: i };
      }
    } finally {
      stopped++;
    }
  },
});
const closed = handler({ name: "closed", access: "permission", inference: (items) => items });
const warnings: string[] = [];
const log = { info() {}, warn: (message: string) => void warnings.push(message) };
const models = new ModelServer({ handlers: [story, closed], directories: [root], access: "public", log });
await models.start();
await models.settled();
const server = await startGrpc(models, { port: 0, authorizer: publicOnly, log });
const client = new GrpcClient(server.address);
const large = new GrpcClient(server.address, { "grpc.max_receive_message_length": -1 });
after(async () => {
  client.close();
  large.close();
  await server.close();
  await models.close();
});

interface Stream {
  call: any;
  answers: any[];
  ended: Promise<{ code: number; details: string }>;
}

function open(from = client): Stream {
  const call = from.stream();
  const answers: any[] = [];
  call.on("data", (answer: any) => answers.push(answer));
  call.on("error", () => {});
  return { call, answers, ended: new Promise((done) => call.on("status", done)) };
}

const double = (value: number, id: string) => ({
  model_name: "double",
  id,
  inputs: [input("FP32", [1, 2], { fp32_contents: [value, value] })],
});
const ask = (text: string, rest: object = {}) => ({
  model_name: "story",
  id: text,
  inputs: [{ ...input("BYTES", [1], { bytes_contents: [Buffer.from(text)] }), name: "text" }],
  ...rest,
});
const first = ({ infer_response: { raw_output_contents: raw } }: any) => (raw[0] as Buffer).readFloatLE();
const textOf = ({ infer_response: { raw_output_contents: raw } }: any) => (raw[0] as Buffer).subarray(4).toString();

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !done(); i++) await sleep(10);
}

describe("gRPC streams of predictions", () => {
  it("answer every request in their order, more than are worked on at once", async () => {
    const { call, answers, ended } = open();
    for (let i = 0; i < 300; i++) call.write(double(i, String(i)));
    call.end();
    assert.equal((await ended).code, 0);
    assert.deepEqual(
      answers.map(first),
      Array.from({ length: 300 }, (_, i) => i * 2),
    );
    assert.deepEqual(
      answers.map((answer) => answer.infer_response.id),
      Array.from({ length: 300 }, (_, i) => String(i)),
    );
    assert.deepEqual(answers[0].infer_response.parameters.triton_final_response.bool_param, true);
  });

  it("take large requests one after another", async () => {
    const { call, answers, ended } = open(large);
    const raw = Buffer.alloc(24 * 2 ** 20);
    const inputs = [input("FP32", [raw.byteLength / 8, 2])];
    for (let i = 0; i < 6; i++) call.write({ model_name: "double", id: String(i), inputs, raw_input_contents: [raw] });
    call.end();
    assert.equal((await ended).code, 0);
    assert.deepEqual(
      answers.map(({ infer_response: { id, raw_output_contents: out } }) => [id, out[0]?.byteLength]),
      Array.from({ length: 6 }, (_, i) => [String(i), raw.byteLength]),
    );
  });

  it("go on after a request that fails", async () => {
    const { call, answers, ended } = open();
    call.write({ ...double(1, "a"), model_name: "nope" });
    call.write({ ...double(1, "b"), inputs: [] });
    call.write(double(4, "c"));
    call.end();
    assert.equal((await ended).code, 0);
    assert.match(answers[0].error_message, /Request for unknown model: 'nope'/);
    assert.match(answers[1].error_message, /inputs\.x is missing/);
    assert.deepEqual(
      answers.map((answer) => answer.infer_response.id),
      ["a", "b", "c"],
    );
    assert.deepEqual([answers[2].error_message, first(answers[2])], ["", 8]);
  });

  it("give the steps of a sequence in their order", async () => {
    const { call, answers, ended } = open();
    for (let i = 0; i < 20; i++)
      call.write({ ...double(i, String(i)), parameters: { sequence_id: { int64_param: 1 + (i % 2) } } });
    call.end();
    assert.equal((await ended).code, 0);
    assert.deepEqual(
      answers.map(first),
      Array.from({ length: 20 }, (_, i) => i * 2),
    );
  });

  it("give a handler's answer piece by piece, and say which is the last to who asks", async () => {
    const { call, answers, ended } = open();
    call.write(ask("tea", { parameters: { times: { int64_param: 2 } } }));
    await until(() => answers.length === 2);
    call.write(ask("milk", { parameters: { triton_enable_empty_final_response: { bool_param: true } } }));
    call.end();
    assert.equal((await ended).code, 0);
    assert.deepEqual(answers.slice(0, 5).map(textOf), ["tea 0", "tea 1", "milk 0", "milk 1", "milk 2"]);
    const [{ infer_response: piece }] = answers;
    assert.deepEqual(
      piece.outputs.map(({ name, datatype, shape }: any) => [name, datatype, shape]),
      [
        ["text_output", "BYTES", ["1"]],
        ["index", "FP64", ["1"]],
      ],
    );
    assert.deepEqual([piece.model_name, piece.model_version, piece.id], ["story", "1", "tea"]);
    assert.equal(piece.parameters.triton_final_response.bool_param, false);
    const last = answers[5].infer_response;
    assert.deepEqual([last.parameters.triton_final_response.bool_param, last.outputs], [true, []]);
  });

  it("tell nothing of what went wrong inside a handler", async () => {
    const { call, answers, ended } = open();
    call.write(ask("stumble"));
    call.end();
    assert.equal((await ended).code, 0);
    assert.equal(textOf(answers[0]), "stumble 0");
    assert.equal(answers[1].error_message, "Something went wrong in the server.");
    assert.match(warnings.splice(0).join(), /a secret/);
  });

  it("refuse empty tensors of so many rows that naming them would fill the memory", async () => {
    const { call, answers, ended } = open();
    const empty = (rows: number) => ask("a", { inputs: [{ ...input("FP32", [rows, 0], {}), name: "rows" }] });
    call.write(empty(60_000_000));
    call.write(empty(2));
    call.end();
    assert.equal((await ended).code, 0);
    const told = answers.map((answer) => answer.error_message as string);
    assert.ok(told.includes("inputs[0].shape is [60000000, 0], which holds nothing in more than 65536 rows."), told.join());
    assert.ok(told.includes(""), told.join());
  });

  it("wait for a client that reads slowly", async () => {
    const { call, answers, ended } = open();
    call.pause();
    for (let i = 0; i < 3; i++) call.write(ask("x".repeat(100_000), { parameters: { times: { int64_param: 40 } } }));
    call.end();
    await sleep(300);
    assert.equal(answers.length, 0);
    call.resume();
    assert.equal((await ended).code, 0);
    assert.equal(answers.length, 120);
  });

  it("end what runs when the client leaves", async () => {
    const before = stopped;
    const { call, answers } = open();
    call.write(ask("long", { parameters: { times: { int64_param: 1_000_000 } } }));
    await until(() => answers.length > 2);
    call.cancel();
    await until(() => stopped > before);
    assert.equal(stopped, before + 1);
  });

  it("end with UNAUTHENTICATED where a token is missing", async () => {
    const { call, ended } = open();
    call.write({ model_name: "closed", inputs: [] });
    const { code, details } = await ended;
    assert.deepEqual([code, details], [16, "This needs a token. Send it as Authorization: Bearer TOKEN."]);
  });

  it("end with UNAVAILABLE when the server closes, what was asked being answered", async () => {
    const other = await startGrpc(models, { port: 0, authorizer: publicOnly, log });
    const from = new GrpcClient(other.address);
    const { call, answers, ended } = open(from);
    call.write(double(1, "a"));
    await until(() => answers.length === 1);
    call.write(ask("slow", { parameters: { times: { int64_param: 20 } } }));
    await until(() => answers.length > 2);
    await other.close();
    assert.equal((await ended).code, 14);
    assert.equal(answers.length, 21);
    from.close();
  });

  it("do not keep a server that closes where their client leaves its half of them open", { timeout: 15_000 }, async () => {
    const other = await startGrpc(models, { port: 0, authorizer: publicOnly, log });
    const session = connect(`http://${other.address}`);
    session.on("error", () => {});
    const path = "/inference.GRPCInferenceService/ModelStreamInfer";
    const call = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
    call.on("error", () => {});
    const told = new Promise<any>((done) => call.once("response", done));
    await once(session, "connect");
    await new Promise((done) => session.ping(done));
    await other.close();
    assert.equal((await told)["grpc-status"], "14");
    session.destroy();
  });
});
