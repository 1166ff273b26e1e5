import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, type PredictionEvent, serveDirectory } from "cortado/serving";
import { exampleModels, infer, readAnswer, startV2 } from "./open-inference-server.ts";

const served = await serveDirectory(exampleModels(), { port: 0, log: { info() {}, warn() {} } });
await served.models.settled();
after(() => served.close());

const address = (model: string) => `${served.url}/v2/models/${model}/infer`;
/** Enough numbers for a body that is read where the model runs. */
const MANY = 80_000;

/** A body whose numbers are written as given. */
function bodyOf(
  datatype: string,
  { texts, shape = [1, texts.length], nested = false }: { texts: string[]; shape?: number[]; nested?: boolean },
) {
  const data = nested ? `[[${texts.join(" , ")}]]` : `[\n${texts.join(",")}\t]`;
  return `{"id": "big", "inputs": [{"name": "INPUT0", "shape": ${JSON.stringify(shape)}, "datatype": "${datatype}", "data": ${data}}]}`;
}

const repeat = (texts: readonly string[]) => Array.from({ length: MANY }, (_, i) => texts[i % texts.length]!);

describe("a large body of an inference request", () => {
  it("gives the numbers that JSON.parse gives, however they are written, flat and nested", async () => {
    const written = [
      "0",
      "-0",
      "1",
      "-1.5",
      "0.1",
      "1e3",
      "1E-3",
      "2.5e+2",
      "123456789.123456789",
      "0.30000000000000004",
      "3.4028234663852886e38",
      "1e-45",
      "5e-324",
      "16777217",
      "9007199254740993",
      "1234567890123456789012345678",
      "0.000000000000000000000000000001",
      "7.0000000",
      "1.00000017881393432617187499",
      "1.00000017881393432617187500",
      "1.00000017881393432617187501",
      "null",
    ];
    const random = Array.from({ length: 5000 }, () => String((Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 12 - 6)));
    const texts = repeat([...written, ...random]);
    for (const nested of [false, true]) {
      const { status, body } = await infer(address("echo_float"), { head: bodyOf("FP32", { texts, nested }) });
      assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
      assert.deepEqual([body.id, body.model_name, body.model_version], ["big", "echo_float", "1"]);
      const expected = texts.map((text) => (text === "null" ? null : Math.fround(Number(text))));
      assert.deepEqual(
        body.outputs[0].data,
        expected.map((value) => (Object.is(value, -0) ? 0 : value)),
      );
    }
    const doubles = await infer(address("echo_double"), { head: bodyOf("FP64", { texts: repeat([...random, "0.1", "1e300"]) }) });
    assert.deepEqual(doubles.body.outputs[0].data, repeat([...random, "0.1", "1e300"]).map(Number));
  });

  it("keeps 64-bit integers exact, and refuses what is none", async () => {
    const texts = repeat([
      "9007199254740993",
      "-9223372036854775808",
      "9223372036854775807",
      "0",
      "-1",
      "4294967296",
      "-4294967297",
      "1e3",
    ]);
    const head = bodyOf("INT64", { texts }).replace('"inputs"', '"parameters": {"binary_data_output": true}, "inputs"');
    const { status, bytes, body } = await infer(address("echo_int64"), { head });
    assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
    const got = new BigInt64Array(Uint8Array.from(bytes).buffer);
    assert.deepEqual(Array.from(got.subarray(0, 8)), [
      2n ** 53n + 1n,
      -(2n ** 63n),
      2n ** 63n - 1n,
      0n,
      -1n,
      2n ** 32n,
      -(2n ** 32n) - 1n,
      1000n,
    ]);
    assert.equal(got.length, MANY);
    const tooLarge = await infer(address("echo_int64"), { head: bodyOf("INT64", { texts: repeat(["9223372036854775808"]) }) });
    assert.match(tooLarge.body.error, /has the bigint 9223372036854775808 as element 0, and INT64 takes whole numbers from -/);
  });

  it("takes the datatypes whose elements are not numbers", async () => {
    const flags = repeat(["true", "false", "1", "0"]);
    const answer = await infer(address("echo_bool"), { head: bodyOf("BOOL", { texts: flags }) });
    assert.deepEqual(
      answer.body.outputs[0].data,
      flags.map((text) => text === "true" || text === "1"),
    );
    const words = repeat(['"a"', '"ü"', '"\\n"', '""']);
    const texts = await infer(address("simple_identity"), { head: bodyOf("BYTES", { texts: words }) });
    assert.deepEqual(
      texts.body.outputs[0].data,
      words.map((word) => JSON.parse(word)),
    );
  });

  it("may name its data before its shape, and several inputs", async () => {
    const data = `[${repeat(["1", "2", "3"]).join(",")}]`;
    const one = (name: string) => `{"data": ${data}, "datatype": "INT32", "shape": [${MANY / 16}, 16], "name": "${name}"}`;
    const { body } = await infer(address("simple"), {
      head: `{"outputs": [{"name": "OUTPUT1"}], "inputs": [${one("INPUT1")}, ${one("INPUT0")}]}`,
    });
    assert.deepEqual(
      body.outputs.map((output: { name: string; shape: number[] }) => [output.name, output.shape]),
      [["OUTPUT1", [MANY / 16, 16]]],
    );
    assert.ok(body.outputs[0].data.every((value: number) => value === 0));
  });

  it("is refused with a sentence that says what is wrong with it", async () => {
    const texts = repeat(["1"]);
    const whole = bodyOf("INT32", { texts });
    const shape = `[1,${MANY}]`;
    const cases: [string, RegExp][] = [
      [
        bodyOf("INT32", { texts: [...texts.slice(1), "1.5"] }),
        /inputs\[0\]\.data has the number 1\.5 as element 79999, and INT32 takes whole numbers/,
      ],
      [bodyOf("INT32", { texts: [...texts.slice(1), '"1"'] }), /has the string "1" as element 79999/],
      [bodyOf("INT32", { texts, shape: [1, MANY + 1] }), /holds 80000 elements, and the shape \[1, 80001\] needs 80001/],
      [bodyOf("INT32", { texts, shape: [1, 2 ** 30] }), /which holds more than 67108864 elements/],
      [whole.replace(shape, "[-1]"), /must be an array of whole numbers from 0/],
      [whole.replace("INPUT0", "INPUT9"), /inputs has "INPUT9", which the model does not take/],
      [whole.replace("INPUT0", "__proto__"), /has "__proto__", which the model does not take/],
      [whole.replace("INT32", "FP32"), /datatype is the string "FP32", and the model takes INT32/],
      [`${whole}]`, /The body is not JSON: /],
      [whole.slice(0, -9), /The body is not JSON: /],
      [whole.replace("1,1", "1,,1"), /The body is not JSON: /],
      [whole.replace("1,1", "01,1"), /The body is not JSON: /],
      [whole.replace("1,1", "1.,1"), /The body is not JSON: /],
      [whole.replace("1,1", "-,1"), /The body is not JSON: /],
      [`[${whole}]`, /The body is an array of 1, and must be an object/],
    ];
    for (const [head, message] of cases) {
      const answer = await infer(address("echo_int32"), { head });
      assert.equal(answer.status, 400, JSON.stringify(answer.body).slice(0, 200));
      assert.match(answer.body.error, message);
    }
    const bytes = Buffer.from(whole);
    bytes[bytes.indexOf("big")] = 0xff;
    const broken = await readAnswer(await fetch(address("echo_int32"), { method: "POST", body: bytes }));
    assert.deepEqual([broken.status, broken.body.error], [400, "The body is not UTF-8."]);
    assert.equal((await infer(address("echo_int32"), { head: whole })).status, 200);
  });
});

describe("a hostile body", () => {
  it("costs the model no process, however deep or split up it is, and others are answered", async () => {
    const size = 16 * 2 ** 20;
    const fill = (text: string) => Buffer.from(text.repeat(Math.floor(size / text.length)));
    const before = served.models.hosts.processIds();
    const cases: [Buffer, RegExp][] = [
      [fill("["), /nested more than 100 levels deep/],
      [fill('{"a":'), /nested more than 100 levels deep/],
      [Buffer.concat([Buffer.from('{"inputs":['), fill("[],")]), /has more than 4000000 arrays and objects/],
      [
        Buffer.concat([Buffer.from('{"inputs":[{"name":"INPUT0","datatype":"INT32","shape":[67108864],"data":['), fill("1,")]),
        /./,
      ],
      [fill(" "), /is not JSON/],
      [fill('"'), /is not JSON/],
      [Buffer.alloc(size), /is not JSON/],
    ];
    for (const [body, message] of cases) {
      const answer = await readAnswer(await fetch(address("echo_int32"), { method: "POST", body }));
      assert.equal(answer.status, 400);
      assert.match(answer.body.error, message);
    }
    assert.equal((await infer(address("echo_int32"), { head: bodyOf("INT32", { texts: ["1"] }) })).status, 200);
    assert.deepEqual(served.models.hosts.processIds(), before);
  });

  it("may be given up by its client, and come again at once from many", async () => {
    const head = bodyOf("FP32", { texts: repeat(["0.25"]) });
    const leave = async () => {
      const signal = AbortSignal.timeout(5);
      await fetch(address("echo_float"), { method: "POST", body: head, signal }).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: 8 }, leave));
    const answers = await Promise.all(Array.from({ length: 24 }, () => infer(address("echo_float"), { head })));
    assert.ok(answers.every(({ status, body }) => status === 200 && body.outputs[0].data.length === MANY));
  });
});

describe("a large body of /api", () => {
  const predict = async (model: string, body: string) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${served.url}/api/models/${model}/predict`, { method: "POST", headers, body });
    return { status: response.status, headers: response.headers, body: (await response.json()) as any };
  };

  it("answers one item and many, in their order", async () => {
    const numbers = Array.from({ length: MANY }, (_, i) => i / 4);
    const one = await predict("echo_float", JSON.stringify({ input: { INPUT0: numbers } }));
    assert.equal(one.status, 200, JSON.stringify(one.body).slice(0, 300));
    assert.deepEqual(one.body.output.OUTPUT0, numbers);
    assert.match(one.body.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual([one.body.model, one.body.version, one.headers.get("cortado-model")], ["echo_float", "1", "echo_float@1"]);
    const items = Array.from({ length: 200 }, (_, i) => ({ INPUT0: Array.from({ length: i % 2 === 0 ? 400 : 300 }, () => i) }));
    const many = await predict("echo_float", JSON.stringify({ inputs: items }));
    assert.deepEqual(
      many.body.outputs,
      items.map(({ INPUT0 }) => ({ OUTPUT0: INPUT0 })),
    );
  });

  it("is refused as a small one is, with its code and hint", async () => {
    const numbers = Array.from({ length: MANY }, () => 1);
    const wrong = await predict("echo_float", JSON.stringify({ input: { INPUT0: [numbers] } }));
    assert.equal(wrong.status, 400);
    assert.deepEqual(wrong.body.error, {
      code: "SERVING_BAD_INPUT",
      message: "input.INPUT0 has the shape [1, 80000], and must be an array of the shape [-1].",
      hint: "One item is one row: leave out the first dimension.",
    });
    const misnamed = await predict("echo_float", JSON.stringify({ inptu: { INPUT0: numbers } }));
    assert.equal(misnamed.body.error.hint, 'Did you mean "input"?');
    const items = Array.from({ length: 300 }, () => ({ INPUT0: numbers.slice(0, 300) }));
    assert.match(
      (await predict("echo_float", JSON.stringify({ inputs: items }))).body.error.message,
      /holds 300 items, and 256 are taken at once/,
    );
    assert.equal((await predict("nobody", JSON.stringify({ input: { INPUT0: numbers } }))).status, 404);
  });
});

describe("observers", () => {
  it("are told of a large body by its times alone, and of one with a record or a cache by what it holds", async () => {
    const root = exampleModels();
    const recorded = handler({ name: "recorded", source: "file:echo_float", record: true });
    const server = await startV2(root, [recorded]);
    const events: PredictionEvent[] = [];
    server.models.observe((event) => void events.push(event));
    try {
      const head = bodyOf("FP32", { texts: repeat(["0.5"]) });
      for (const model of ["echo_float", "recorded"])
        assert.equal((await infer(`${server.url}/v2/models/${model}/infer`, { head })).status, 200);
      const [plain, kept] = events;
      assert.deepEqual([plain!.model, plain!.inputs, plain!.outputs, plain!.error], ["echo_float", [], [], undefined]);
      assert.ok(plain!.ran > 0 && plain!.batch === 1);
      assert.deepEqual([kept!.model, Object.keys(kept!.inputs), kept!.outputs.length], ["recorded", ["INPUT0"], 1]);
    } finally {
      await server.close();
    }
  });
});
