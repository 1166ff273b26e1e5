// BF16 over the protocols, in Python, to engines elsewhere, and in ONNX files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Handler, handler, ModelServer, openInference, python, startGrpc, tensor } from "cortado/serving";
import { GrpcClient, input } from "../clients/grpc-client.ts";
import { identityModel, putModel, temporaryFolder } from "../models.ts";
import { infer, startV2, type V2Server } from "../protocols/open-inference-server.ts";

const program = process.env["CORTADO_TEST_PYTHON"] ?? "python3";
const skip = spawnSync(program, ["--version"]).status !== 0 && `${program} is not there`;
const log = { info() {}, warn() {} };
const root = temporaryFolder();
writeFileSync(join(root, "same.py"), "def inference(inputs):\n    return {'made': inputs['x']}\n");
const spec = { datatype: "BF16", shape: [-1, 2] } as const;
const same: Handler = handler({
  name: "same",
  access: "public",
  runtime: python({
    module: "same.py",
    python: program,
    inputs: [{ name: "x", ...spec }],
    outputs: [{ name: "made", ...spec }],
  }),
});
const values = Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001);
const bytes = Buffer.from(values.buffer);

describe("BF16", { skip }, () => {
  let server: V2Server;
  before(async () => {
    server = await startV2(root, [same]);
  });
  after(() => server.close());

  const given = { name: "x", datatype: "BF16", shape: [2, 2] };
  const inBytes = { ...given, parameters: { binary_data_size: 8 } };
  const made = { name: "made", parameters: { binary_data: true } };
  const address = () => `${server.url}/v2/models/same/infer`;

  it("goes through Python and /v2 as bytes", async () => {
    const answer = await infer(address(), { head: { inputs: [inBytes], outputs: [made] }, bytes });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(answer.body.outputs[0], { ...made, datatype: "BF16", shape: [2, 2], parameters: { binary_data_size: 8 } });
    assert.deepEqual(answer.bytes, bytes);
  });

  it("is refused in the JSON of /v2, either way", async () => {
    const sent = await infer(address(), { head: { inputs: [{ ...given, data: [1, 2, 3, 4] }] } });
    assert.equal(sent.status, 400);
    assert.match(sent.body.error, /is BF16, which has no form in JSON/);
    const wanted = await infer(address(), { head: { inputs: [inBytes] }, bytes });
    assert.equal(wanted.status, 400);
    assert.match(wanted.body.error, /outputs \("made"\) is BF16, which has no form in JSON/);
  });

  it("is numbers for items, rounded to the nearest", async () => {
    const { outputs } = await server.models.predict("same", [{ x: [1 / 3, null] }, { x: tensor("bfloat16", [1.5, -2]) }]);
    assert.deepEqual(outputs, [{ made: [0.333984375, Number.NaN] }, { made: [1.5, -2] }]);
  });

  it("goes raw over gRPC, and in no list", async (context) => {
    const authorizer = { authorize() {} };
    const grpc = await startGrpc(server.models, { host: "127.0.0.1", port: 0, authorizer, log });
    const client = new GrpcClient(grpc.address);
    context.after(() => (client.close(), grpc.close()));
    const asked = { model_name: "same", inputs: [input("BF16", [2, 2])] };
    const { answer, details } = await client.call("ModelInfer", { ...asked, raw_input_contents: [bytes] });
    assert.deepEqual(answer?.raw_output_contents[0], bytes, details);
    assert.match((await client.call("ModelInfer", asked)).details, /is BF16, which has no list of elements/);
  });

  it("goes to engines elsewhere and comes back", async (context) => {
    const far: Handler = handler({ name: "far", runtime: openInference({ url: server.url, model: "same" }) });
    const models = new ModelServer({ handlers: [far], root, log });
    context.after(() => models.close());
    await models.start();
    const { outputs } = await models.predict("far", [{ x: [0.5, 3] }]);
    assert.deepEqual(outputs, [{ made: [0.5, 3] }]);
  });

  it("of an ONNX file is refused when that is loaded", async (context) => {
    putModel(root, "onnx/brain/1", identityModel("bfloat16", ["batch", 2]));
    const models = new ModelServer({ directories: ["onnx"], root, log });
    context.after(() => models.close());
    await models.start();
    await models.settled();
    assert.match(models.versions("brain")[0]!.error!, /^An input or output has the type BF16, which onnxruntime-node cannot/);
  });
});
