import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { load } from "@grpc/proto-loader";
import { defineProject, openProject } from "cortado";
import { serveDirectory } from "cortado/serving";
import { refusal } from "../refused.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "ignore" });
const hasOpenssl = (() => {
  try {
    openssl("version");
    return true;
  } catch {
    return false;
  }
})();

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
const log = { info() {}, warn() {} };

interface Answer {
  status: number;
  body: string;
}

function ask(url: string, options: { ca: Buffer; cert?: Buffer; key?: Buffer; body?: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...identity } = options;
    const sent = request(url, { ...identity, method: body ? "POST" : "GET", headers: { "content-type": "application/json" } });
    sent.once("error", reject).once("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode!, body: text }));
    });
    sent.end(body);
  });
}

describe("a server with a certificate", { skip: hasOpenssl ? false : "no openssl here" }, async () => {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  if (hasOpenssl) {
    for (const name of ["server", "client"])
      openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", `${name}-key.pem`, "-out", `${name}.pem`, ...subject); // prettier-ignore
  }
  const tls = { cert: file("server.pem"), key: file("server-key.pem") };

  it("speaks https, and gRPC over TLS", async () => {
    const served = await serveDirectory(root, { port: 0, grpcPort: 0, tls, log });
    after(() => served.close());
    assert.match(served.url, /^https:/);
    const ca = readFileSync(tls.cert);
    const answer = await ask(`${served.url}/api/models/double/predict`, { ca, body: '{"input": {"x": [1, 2]}}' });
    assert.deepEqual([answer.status, JSON.parse(answer.body).output], [200, { y: [2, 4] }]);
    await assert.rejects(fetch(served.url.replace("https", "http")));
    assert.deepEqual(await callLive(served.grpc!, ca), { live: true });
  });

  it("lets in only clients of the authority that it is told", async () => {
    const served = await serveDirectory(root, { port: 0, tls: { ...tls, clientCa: file("client.pem") }, log });
    after(() => served.close());
    const ca = readFileSync(tls.cert);
    const own = { cert: readFileSync(file("client.pem")), key: readFileSync(file("client-key.pem")) };
    assert.equal((await ask(`${served.url}/health/live`, { ca, ...own })).status, 200);
    await assert.rejects(ask(`${served.url}/health/live`, { ca }));
  });

  it("is a project too, by the setting tls", async () => {
    const project = await openProject(
      defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", root: folder, apps: [], tls: { cert: "server.pem", key: "server-key.pem" } }), // prettier-ignore
    );
    after(() => project.close());
    const url = await project.listen({ port: 0 });
    assert.equal((await ask(`${url}/health/live`, { ca: readFileSync(tls.cert) })).status, 200);
  });

  it("says what is wrong with its files", async () => {
    writeFileSync(file("nothing.pem"), "nothing");
    const hint = "tls: { cert, key } are files in PEM; a test certificate is made by: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost"; // prettier-ignore
    const refused = (given: object, message: string) =>
      assert.rejects(
        serveDirectory(root, { port: 0, tls: { ...tls, ...given }, log }),
        refusal({ code: "HTTP_BAD_TLS", message, hint }),
      );
    await refused({ cert: file("missing.pem") }, `${file("missing.pem")} cannot be read (ENOENT), and is tls.cert.`);
    await refused({ cert: file("nothing.pem") }, `${file("nothing.pem")} is no certificate in PEM.`);
    await refused({ key: file("nothing.pem") }, `${file("nothing.pem")} is no private key in PEM without a passphrase.`);
    await refused({ key: file("client-key.pem") }, `${file("client-key.pem")} is not the key of ${tls.cert}.`);
    await refused({ clientCa: file("nothing.pem") }, `${file("nothing.pem")} is no certificate in PEM.`);
  });
});

async function callLive(address: string, ca: Buffer): Promise<unknown> {
  const proto = join(import.meta.dirname, "../../../src/serving/backends/grpc/open-inference.proto");
  const { inference } = loadPackageDefinition(await load(proto, { defaults: true })) as any;
  const client = new inference.GRPCInferenceService(address.replace("127.0.0.1", "localhost"), credentials.createSsl(ca));
  try {
    return await new Promise((resolve, reject) =>
      client.ServerLive({}, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer))),
    );
  } finally {
    client.close();
  }
}
