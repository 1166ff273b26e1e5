import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, describe, it } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { exampleModels, infer, readAnswer, startV2 } from "./open-inference-server.ts";

const server = await startV2(exampleModels());
after(() => server.close());

const address = (model: string) => `${server.url}/v2/models/${model}/infer`;
const bytesOf = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const ask = (name: string, parts: { head: object | string; bytes?: Uint8Array; headers?: Record<string, string> }) =>
  infer(address(name), parts);

/** One input as bytes, all outputs as bytes. */
function echo(type: string, { datatype, shape, bytes }: { datatype: string; shape: number[]; bytes: Uint8Array }) {
  const inputs = [{ name: "INPUT0", datatype, shape, parameters: { binary_data_size: bytes.byteLength } }];
  return ask(`echo_${type}`, { head: { inputs, parameters: { binary_data_output: true } }, bytes });
}

const text = (value: string) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
};

describe("tensors as bytes", () => {
  it("come back as they were sent, for every datatype", async () => {
    const cases: [string, string, ArrayBufferView][] = [
      ["float", "FP32", Float32Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY)],
      ["double", "FP64", Float64Array.of(0.1, -0, Number.NEGATIVE_INFINITY)],
      ["float16", "FP16", Float16Array.of(0.5, 65504, -2)],
      ["uint8", "UINT8", Uint8Array.of(0, 1, 255)],
      ["int32", "INT32", Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1)],
      ["int64", "INT64", BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n, 2n ** 63n - 1n)],
      ["bool", "BOOL", Uint8Array.of(0, 1, 1)],
    ];
    for (const [type, datatype, array] of cases) {
      const bytes = bytesOf(array);
      const { status, body, bytes: answered, headers } = await echo(type, { datatype, shape: [1, 3], bytes });
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(headers.get("content-type"), "application/octet-stream");
      const parameters = { binary_data_size: bytes.byteLength };
      assert.deepEqual(body.outputs, [{ name: "OUTPUT0", datatype, shape: [1, 3], parameters }]);
      assert.deepEqual(answered, bytes, type);
    }
  });

  it("carry texts, each with its length, also empty and beyond ASCII", async () => {
    const bytes = Buffer.concat(["", "ü", "a b"].map(text));
    const inputs = [{ name: "INPUT0", datatype: "BYTES", shape: [1, 3], parameters: { binary_data_size: bytes.byteLength } }];
    const parameters = { binary_data_output: true };
    assert.deepEqual((await ask("simple_identity", { head: { inputs, parameters }, bytes })).bytes, bytes);
    const cut = [{ name: "INPUT0", datatype: "BYTES", shape: [1, 1], data: ["a\0b"] }];
    const refused = await ask("simple_identity", { head: { inputs: cut } });
    assert.deepEqual([refused.status, /cannot take a text with a zero character/.test(refused.body.error)], [422, true]);
    const inJson = await ask("simple_identity", { head: { inputs }, bytes });
    assert.deepEqual(inJson.body.outputs[0].data, ["", "ü", "a b"]);
  });

  it("stand beside tensors in the JSON, in the order of the inputs, and each output says for itself", async () => {
    const ones = Array.from({ length: 16 }, () => 1);
    const inputs = [
      { name: "INPUT1", datatype: "INT32", shape: [1, 16], parameters: { binary_data_size: 64 } },
      { name: "INPUT0", datatype: "INT32", shape: [1, 16], data: ones },
    ];
    const outputs = [{ name: "OUTPUT1", parameters: { binary_data: false } }, { name: "OUTPUT0" }];
    const head = { id: "7", inputs, outputs, parameters: { binary_data_output: true } };
    const { body, bytes } = await ask("simple", { head, bytes: bytesOf(Int32Array.from({ length: 16 }, (_, i) => i)) });
    assert.equal(body.id, "7");
    assert.deepEqual(
      body.outputs[0].data,
      Array.from({ length: 16 }, (_, i) => 1 - i),
    );
    assert.deepEqual(
      [...new Int32Array(Uint8Array.from(bytes).buffer)],
      Array.from({ length: 16 }, (_, i) => 1 + i),
    );
  });

  it("are read without JSON where the model takes one input", async () => {
    const raw = async (model: string, body: Uint8Array) =>
      readAnswer(await fetch(address(model), { method: "POST", headers: { "inference-header-content-length": "0" }, body }));
    const numbers = await raw("echo_int32", bytesOf(Int32Array.of(4, 2, 0)));
    assert.deepEqual(numbers.body.outputs[0].shape, [1, 3]);
    assert.deepEqual(numbers.bytes, bytesOf(Int32Array.of(4, 2, 0)));
    const texts = await raw("echo_text", Buffer.from("427"));
    assert.deepEqual(texts.bytes, text("427"));
    assert.match(
      (await raw("simple", Buffer.alloc(128))).body.error,
      /bytes alone, which stand for one input, and the model takes INPUT0/,
    );
    assert.match((await raw("echo_int32", Buffer.alloc(7))).body.error, /holds 7 bytes, and INT32 of the shape \[1, 1\] needs 4/);
  });

  it("are refused with 400 and a sentence where they are not what the JSON says", async () => {
    const input = { name: "INPUT0", datatype: "INT32", shape: [1, 2] };
    const sized = (size: unknown) => ({ inputs: [{ ...input, parameters: { binary_data_size: size } }] });
    const cases: [object, Uint8Array | undefined, RegExp][] = [
      [sized(8), Buffer.alloc(7), /binary_data_size is 8, and 7 bytes are left after the JSON/],
      [sized(7), Buffer.alloc(7), /inputs\[0\] holds 7 bytes, and INT32 of the shape \[1, 2\] needs 8/],
      [sized(8), Buffer.alloc(9), /has 1 bytes after the JSON that no input says are its own/],
      [sized(8), undefined, /no header Inference-Header-Content-Length/],
      [sized(-8), Buffer.alloc(8), /is the number -8, and must be a whole number from 0/],
      [sized(2 ** 60), Buffer.alloc(8), /and must be a whole number from 0|bytes are left/],
      [
        { inputs: [{ ...input, data: [1, 2], parameters: { binary_data_size: 8 } }] },
        Buffer.alloc(8),
        /given beside binary_data_size/,
      ],
      [{ inputs: [{ ...input, parameters: { shared_memory_region: "r" } }] }, undefined, /shared memory, which is not served/],
      [
        { inputs: [{ ...input, shape: [2 ** 32, 2 ** 32], parameters: { binary_data_size: 8 } }] },
        Buffer.alloc(8),
        /more than 67108864/,
      ],
    ];
    for (const [head, bytes, message] of cases) {
      const answer = await ask("echo_int32", { head, ...(bytes ? { bytes } : {}) });
      assert.equal(answer.status, 400);
      assert.match(answer.body.error, message);
    }
    const flags = await echo("bool", { datatype: "BOOL", shape: [1, 2], bytes: Uint8Array.of(1, 2) });
    assert.match(flags.body.error, /has the byte 2 as element 1, and BOOL takes 0 or 1/);
  });

  it("refuse texts that are cut off, too many, or no UTF-8", async () => {
    const send = (bytes: Buffer, shape: number[]) => {
      const inputs = [{ name: "INPUT0", datatype: "BYTES", shape, parameters: { binary_data_size: bytes.byteLength } }];
      return ask("simple_identity", { head: { inputs }, bytes });
    };
    assert.match((await send(text("abc").subarray(0, 6), [1, 1])).body.error, /element 0 is longer than what is left/);
    assert.match((await send(Buffer.concat([text("a"), text("b")]), [1, 1])).body.error, /does not hold 1 strings/);
    assert.match((await send(Buffer.from([1, 0, 0, 0, 0xff]), [1, 1])).body.error, /is no UTF-8 text/);
    assert.match((await send(Buffer.from([0xff, 0xff, 0xff, 0xff]), [1, 1])).body.error, /longer than what is left/);
  });

  it("need a header length within the body", async () => {
    const send = (length: string) =>
      fetch(address("echo_int32"), { method: "POST", headers: { "inference-header-content-length": length }, body: "{}" });
    for (const length of ["3", "99999999999", "-1", "1e1", "0x2", "two"]) {
      const response = await send(length);
      assert.equal(response.status, 400, length);
      assert.match(((await response.json()) as { error: string }).error, /Inference-Header-Content-Length is/);
    }
  });
});

describe("bodies", () => {
  const inputs = [{ name: "INPUT0", datatype: "INT32", shape: [1, 2], data: [1, 2] }];

  it("may be packed by gzip and deflate, and are unpacked no further than the limit", async () => {
    const send = (body: Uint8Array, coding: string) =>
      fetch(address("echo_int32"), { method: "POST", headers: { "content-encoding": coding }, body });
    const head = JSON.stringify({ inputs });
    for (const [coding, body] of [
      ["gzip", gzipSync(head)],
      ["deflate", deflateSync(head)],
    ] as const) {
      const answer = await readAnswer(await send(body, coding));
      assert.deepEqual(answer.body.outputs?.[0].data, [1, 2], JSON.stringify(answer.body));
    }
    assert.equal((await send(gzipSync(Buffer.alloc(65 * 2 ** 20, 32)), "gzip")).status, 413);
    assert.equal((await send(Buffer.from(head), "gzip")).status, 400);
    assert.equal((await send(Buffer.from(head), "br")).status, 415);
  });

  it("are packed on the way back where the client asks and they are long", async () => {
    const data = Array.from({ length: 20_000 }, (_, i) => i);
    const long = [{ name: "INPUT0", datatype: "INT32", shape: [1, data.length], data }];
    for (const coding of ["gzip", "deflate"]) {
      const answer = await ask("echo_int32", { head: { inputs: long }, headers: { "accept-encoding": coding } });
      assert.equal(answer.headers.get("content-encoding"), coding);
      assert.deepEqual(answer.body.outputs[0].data, data);
    }
    const short = await ask("echo_int32", { head: { inputs }, headers: { "accept-encoding": "gzip" } });
    assert.equal(short.headers.get("content-encoding"), null);
  });

  it("may come in chunks of any size, and a transfer encoding that nobody knows is refused", async () => {
    const sent = (headers: Record<string, string>, pieces: readonly string[]) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const request = httpRequest(address("echo_int32"), { method: "POST", headers }, (response) => {
          let body = "";
          response.on("data", (chunk) => (body += String(chunk)));
          response.on("end", () => resolve({ status: response.statusCode!, text: body }));
        });
        request.on("error", reject);
        for (const piece of pieces) request.write(piece);
        request.end();
      });
    const head = JSON.stringify({ inputs });
    const chunked = await sent({ "transfer-encoding": "chunked" }, [...head]);
    assert.equal(chunked.status, 200);
    assert.deepEqual(JSON.parse(chunked.text).outputs[0].data, [1, 2]);
    assert.ok((await sent({ "transfer-encoding": "cosmic" }, [head]).catch(() => ({ status: 400 }))).status >= 400);
  });

  it("are refused where they are too deep, too large, no UTF-8 or no object", async () => {
    const status = async (head: string) => (await ask("echo_int32", { head })).status;
    assert.equal(await status(`{"inputs": ${"[".repeat(5000)}${"]".repeat(5000)}}`), 400);
    assert.equal(await status("[]"), 400);
    assert.equal(await status(""), 400);
    assert.equal(await status('{"inputs": '), 400);
    assert.equal((await fetch(address("echo_int32"), { method: "POST", body: Buffer.from([0x7b, 0xff, 0x7d]) })).status, 400);
    const big = await fetch(address("echo_int32"), { method: "POST", body: Buffer.alloc(65 * 2 ** 20, 32) }).catch(
      () => undefined,
    );
    assert.ok(big === undefined || big.status === 413);
  });
});

describe("parameters of a request", () => {
  const inputs = [{ name: "INPUT0", datatype: "INT32", shape: [1, 1], data: [1] }];
  const send = (parameters: unknown) => ask("echo_int32", { head: { inputs, parameters } });

  it("that the protocol does not name are let be, and those that it names are checked", async () => {
    for (const parameters of [{}, { priority: 1, timeout: 5_000_000 }, { my_own: "x", headers: "y" }, { sequence_id: 0 }])
      assert.equal((await send(parameters)).status, 200, JSON.stringify(parameters));
    const cases: [unknown, RegExp][] = [
      [{ priority: -1 }, /parameters\.priority is the number -1, and must be a whole number from 0/],
      [{ timeout: "soon" }, /parameters\.timeout is the string "soon"/],
      [{ sequence_id: 1.5 }, /parameters\.sequence_id is the number 1\.5, and must be a string or a whole number/],
      [{ sequence_start: 1 }, /parameters\.sequence_start is the number 1, and must be true or false/],
      [{ binary_data_output: "yes" }, /must be true or false/],
      [{ triton_enable_empty_final_response: true }, /a name that the protocol keeps for servers/],
      [[], /parameters is an empty array, and must be an object/],
    ];
    for (const [parameters, message] of cases) {
      const { status, body } = await send(parameters);
      assert.equal(status, 400);
      assert.match(body.error, message);
    }
  });
});

describe("the best classes of an output", () => {
  it("come as value and index, the highest first, a row for each of the batch", async () => {
    const inputs = [{ name: "INPUT0", datatype: "FP32", shape: [2, 3], data: [0.25, 0.5, 0.125, 3, 3, 7] }];
    const outputs = (k: unknown) => [{ name: "OUTPUT0", parameters: { classification: k } }];
    const { body } = await ask("echo_float", { head: { inputs, outputs: outputs(2) } });
    assert.deepEqual(body.outputs, [
      { name: "OUTPUT0", datatype: "BYTES", shape: [2, 2], data: ["0.500000:1", "0.250000:0", "7.000000:2", "3.000000:0"] },
    ]);
    const all = await ask("echo_float", { head: { inputs, outputs: outputs(9) } });
    assert.deepEqual(all.body.outputs[0].shape, [2, 3]);
    assert.equal((await ask("echo_float", { head: { inputs, outputs: outputs(-1) } })).status, 400);
    const flower = [{ name: "x", datatype: "FP32", shape: [1, 3], data: [0, 10, 0] }];
    const scores = [{ name: "scores", parameters: { classification: 1 } }];
    const named = await ask("labelled", { head: { inputs: flower, outputs: scores } });
    assert.match(named.body.outputs[0].data[0], /^\d\.\d{6}:1:versicolor$/);
    const words = [{ name: "INPUT0", datatype: "BYTES", shape: [1, 1], data: ["a"] }];
    const refused = await ask("simple_identity", { head: { inputs: words, outputs: outputs(1) } });
    assert.match(refused.body.error, /is texts, which have no classes/);
  });
});
