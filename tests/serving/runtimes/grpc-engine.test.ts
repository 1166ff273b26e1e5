import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type sendUnaryData, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { type Handler, handler, ModelServer, openInference, serveDirectory, tensor } from "cortado/serving";
import { inference } from "../clients/grpc-client.ts";
import { identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(3));
putModel(root, "double/2", timesModel(2));
putModel(root, "exact/1", identityModel("int64", ["batch", 1]));
putModel(root, "text/1", identityModel("string", ["batch", 1]));
const folder = temporaryFolder();
const tokens = join(folder, "tokens");
writeFileSync(tokens, "predict 0123456789abcdef\n");
const log = { info() {}, warn() {} };
const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function engine(options: object = {}) {
  const served = await serveDirectory(root, { port: 0, grpcPort: 0, log, ...options });
  await served.models.settled();
  closers.push(() => served.close());
  return served;
}

async function askedBy(...handlers: Handler[]): Promise<ModelServer> {
  const models = new ModelServer({ handlers, log });
  await models.start();
  await models.settled();
  closers.push(() => models.close());
  return models;
}

const url = `grpc://${(await engine()).grpc}`;
const far = (model: string, rest: object = {}) =>
  handler({ name: model, runtime: openInference({ url, model, ...rest }), access: "public" });

describe("an engine elsewhere over gRPC", () => {
  it("answers items and tensors, its signature the engine's", async () => {
    const models = await askedBy(far("double"), far("exact"), far("text"));
    const { signature } = await models.signature("double");
    assert.deepEqual(signature?.inputs, [{ name: "x", datatype: "FP32", shape: [-1, 2] }]);
    assert.deepEqual((await models.predict("double", [{ x: [1, 2] }, { x: [3, 4] }])).outputs, [{ y: [2, 4] }, { y: [6, 8] }]);
    const { outputs } = await models.infer("double", { x: tensor("float32", [1, 2, 3, 4], [2, 2]) });
    assert.deepEqual(outputs[0]!["y"]!.toNested(), [
      [2, 4],
      [6, 8],
    ]);
    const large = 2n ** 60n + 1n;
    assert.deepEqual((await models.predict("exact", [{ x: [large] }])).outputs, [{ y: [large] }]);
    assert.deepEqual((await models.predict("text", [{ x: ["grüße"] }])).outputs, [{ y: ["grüße"] }]);
  });

  it("is asked for the version that the handler names, and by a token", async () => {
    const closed = await engine({ tokenFile: tokens });
    const options = { url: `grpc://${closed.grpc}`, model: "double", version: "1" };
    const headers = { authorization: "Bearer 0123456789abcdef" };
    const models = await askedBy(
      handler({ name: "told", runtime: openInference({ ...options, headers }) }),
      handler({ name: "untold", runtime: openInference(options) }),
    );
    assert.deepEqual((await models.predict("told", [{ x: [1, 2] }])).outputs, [{ y: [3, 6] }]);
    assert.match(models.describeVersion("untold", "1").error ?? "", /wants a token/);
  });

  it("says what the engine does not have, and no more of its faults", async () => {
    const models = await askedBy(far("nothing"), handler({ name: "late", runtime: openInference({ url, model: "double", version: "9" }) })); // prettier-ignore
    for (const name of ["nothing", "late"])
      assert.match(models.describeVersion(name, "1").error ?? "", /does not have the model or the version/);
  });

  it("is unreachable for as long as it is away, and answers when it is back", async () => {
    const served = await engine();
    const port = Number(served.grpc!.split(":")[1]);
    const runtime = openInference({ url: `grpc://127.0.0.1:${port}`, model: "double" });
    const models = await askedBy(handler({ name: "far", runtime }));
    const ask = () => models.predict("far", [{ x: [1, 2] }]);
    assert.deepEqual((await ask()).outputs, [{ y: [2, 4] }]);
    await served.close();
    await assert.rejects(ask, refusal({ code: "SERVING_REMOTE_UNREACHABLE" }));
    await engine({ grpcPort: port });
    for (let i = 0; i < 200 && (await ask().then(() => false, () => true)); i++) await sleep(50); // oxfmt-ignore
    assert.deepEqual((await ask()).outputs, [{ y: [2, 4] }]);
  });

  it("is read no further than an answer may be long", async () => {
    const endless = createServer();
    endless.on("stream", (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      // The length of a message, which never comes.
      stream.write(Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]));
    });
    endless.listen(0, "127.0.0.1");
    await once(endless, "listening");
    const { port } = endless.address() as AddressInfo;
    const models = await askedBy(far("double", { url: `grpc://127.0.0.1:${port}` }));
    assert.match(models.versions("double")[0]!.error!, /answered more than 268435456 bytes/);
    endless.close();
  });

  it("joins no rows where it tells no configuration, and is asked again where it fails to tell it", async () => {
    let code: number = status.INTERNAL;
    const specs = (name: string) => [{ name, datatype: "FP32", shape: [-1, 2] }];
    const fake = new Server();
    fake.addService(inference.GRPCInferenceService.service, {
      ModelMetadata: (_call: unknown, done: sendUnaryData<object>) => done(null, { inputs: specs("x"), outputs: specs("y") }),
      ModelConfig: (_call: unknown, done: sendUnaryData<object>) => done({ code, details: "no" }),
    });
    const port = await promisify(fake.bindAsync.bind(fake))("127.0.0.1:0", ServerCredentials.createInsecure());
    closers.push(async () => fake.forceShutdown());
    const models = await askedBy(far("double", { url: `grpc://127.0.0.1:${port}` }));
    const told = () => models.versions("double")[0]!;
    assert.equal(told().state, "failed");
    assert.match(told().error!, /The engine that runs the model "double" elsewhere failed \(gRPC 13\)\./);
    code = status.UNIMPLEMENTED;
    while (told().state !== "ready") await sleep(100);
    assert.equal(told().batching?.enabled, false);
  });

  it("gives a call up when nobody waits for it", async () => {
    const models = await askedBy(far("double"));
    const gone = AbortSignal.abort(new Error("gone"));
    await assert.rejects(models.predict("double", [{ x: [1, 2] }], { signal: gone }), /gone/);
  });

  const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
  it("is asked over TLS by grpcs", { skip: hasOpenssl ? false : "no openssl here" }, async () => {
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out", "cert.pem", ...names], { cwd: folder, stdio: "ignore" }); // prettier-ignore
    const tls = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
    const served = await engine({ tls });
    const address = `grpcs://${served.grpc}`;
    const trusting = `
      import { handler, ModelServer, openInference } from ${JSON.stringify(import.meta.resolve("cortado/serving"))};
      const far = handler({ name: "far", runtime: openInference({ url: ${JSON.stringify(address)}, model: "double" }) });
      const models = new ModelServer({ handlers: [far] });
      await models.start();
      await models.settled();
      console.log(JSON.stringify((await models.predict("far", [{ x: [1, 2] }])).outputs));
      await models.close();`;
    const asked = (env: object) =>
      new Promise<string>((done) => {
        execFile(process.execPath, ["--conditions=cortado-source", "--input-type=module", "--eval", trusting], { env: { ...process.env, ...env }, cwd: import.meta.dirname, timeout: 30_000 }, (_error, out) => done(out.trim())); // prettier-ignore
      });
    assert.equal(await asked({ GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: tls.cert }), '[{"y":[2,4]}]');
    assert.equal(await asked({}), "");
  });
});
