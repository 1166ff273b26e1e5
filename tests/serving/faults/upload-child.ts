/** Uploads versions to a project whose disk runs full: node upload-child.ts DIR, with TMPDIR the same folder. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { modelsDirectory, registry } from "cortado/registry";
import { testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { perceptron } from "../models.ts";
import { publish } from "../versions/served.ts";

const directory = process.argv[2]!;
const site = await testSite(
  defineProject({
    apps: [auth({ user: User }), registry(), accounts],
    urls: [path("api/", include(api.urls))],
    secretKey: "a secret of the tests, long enough for any mode",
    database: "sqlite::memory:",
  }),
);
await publish(modelsDirectory(site.services.settings), "1", { model: "digits", bytes: perceptron() });
await site.services.models.refresh();
const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
const headers = { authorization: `Bearer ${await createToken(ada, ["manage", "predict"])}` };

async function upload() {
  const boundary = "cortado-boundary";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="model.onnx"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const answer = await site.request("POST", "/api/models/digits/versions", {
    headers: { ...headers, "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), perceptron(), Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
  const { version, error } = answer.json() as { version?: string; error?: { code: string; message: string; hint: string } };
  const { code, message, hint } = error ?? {};
  return { status: answer.status, version, error: error && { code, message, hint } };
}

const filler = join(directory, "filler");
writeFileSync(filler, Buffer.alloc(Number(process.argv[3])));
const refused = await upload();
const image = Array.from({ length: 784 }, () => 0);
const during = (await site.post("/api/models/digits/predict", { input: { image } }, { headers })).status;
const listed = (await site.get("/api/models/digits", { headers })).json().versions;
rmSync(filler);
const after = await upload();
process.stdout.write(`\n${JSON.stringify({ refused, during, listed, after })}`);
await site.close();
process.exit(0);
