// `--cors`: pages of another site that may ask a server of models, and those that may not.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
const log = { info() {}, warn() {} };
const shop = "https://shop.example.com";
const body = JSON.stringify({ input: { x: [1, 2] } });
const addresses = {
  "/api/models/double/predict": body,
  "/v2/models/double/infer": JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 2] }] }),
  "/v1/models/double:predict": JSON.stringify({ instances: [{ x: [1, 2] }] }),
  "/predictions/double": JSON.stringify({ x: [[1, 2]] }),
};
const server = await serveDirectory(root, { port: 0, cors: [shop, "https://*.example.org"], log });
const all = await serveDirectory(root, { port: 0, cors: "*", log });
after(() => Promise.all([server.close(), all.close()]));

const ask = (origin: string, path = "/api/models/double/predict", url = server.url) =>
  fetch(url + path, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: addresses[path as keyof typeof addresses],
  });
const askBefore = (origin: string, path: string, wanted = "content-type, authorization") =>
  fetch(server.url + path, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": wanted },
  });

describe("a page of a site that is allowed", () => {
  it("asks on every protocol, and may read the answer with the headers that tell of it", async () => {
    for (const path of Object.keys(addresses)) {
      for (const origin of [shop, "https://one.example.org"]) {
        const answer = await ask(origin, path);
        assert.equal(answer.status, 200, `${path} ${origin}: ${await answer.text()}`);
        assert.equal(answer.headers.get("access-control-allow-origin"), origin);
        assert.match(answer.headers.get("access-control-expose-headers")!, /Cortado-Model/);
        assert.match(answer.headers.get("vary")!, /Origin/);
      }
    }
  });

  it("is answered what its browser asks beforehand", async () => {
    const answer = await askBefore(shop, "/api/models/double/predict");
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get("access-control-allow-origin"), shop);
    assert.match(answer.headers.get("access-control-allow-methods")!, /POST/);
    assert.equal(answer.headers.get("access-control-allow-headers"), "content-type, authorization");
    assert.equal(answer.headers.get("access-control-allow-credentials"), null);
  });

  it("reads why it is refused, and changes nothing without a token", async () => {
    const missing = await ask(shop, "/api/models/doubel/predict");
    assert.equal(missing.status, 404);
    assert.equal(missing.headers.get("access-control-allow-origin"), shop);
    const load = await fetch(`${server.url}/api/models/double/unload`, { method: "POST", headers: { origin: shop } });
    assert.equal(load.status, 401);
  });
});

describe("a page of any other site", () => {
  it("is refused, and its browser is told nothing that lets it read", async () => {
    for (const origin of [
      "https://evil.example",
      "http://shop.example.com",
      `${shop}:8443`,
      `${shop}.evil.example`,
      "https://example.org",
      "null",
    ]) {
      for (const path of Object.keys(addresses)) {
        const answer = await ask(origin, path);
        assert.equal(answer.status, 403, `${path} ${origin}`);
        assert.equal(answer.headers.get("access-control-allow-origin"), null);
      }
      assert.equal((await askBefore(origin, "/api/models/double/predict")).headers.get("access-control-allow-origin"), null);
    }
    const embedded = await fetch(`${server.url}/api/models`, {
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    });
    assert.deepEqual(((await embedded.json()) as { models: unknown[] }).models, []);
  });

  it("is let in by *", async () => {
    const answer = await ask("https://anyone.example", undefined, all.url);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  });

  it("needs a token beside it where the server has tokens", async () => {
    const tokenFile = join(temporaryFolder(), "tokens");
    writeFileSync(tokenFile, "predict predict-0123456789\n");
    const guarded = await serveDirectory(root, { port: 0, cors: [shop], tokenFile, log });
    try {
      const path = `${guarded.url}/api/models/double/predict`;
      const headers = { origin: shop, "content-type": "application/json" };
      assert.equal((await fetch(path, { method: "POST", headers, body })).status, 401);
      const authorization = "Bearer predict-0123456789";
      const answer = await fetch(path, { method: "POST", headers: { ...headers, authorization }, body });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("access-control-allow-origin"), shop);
    } finally {
      await guarded.close();
    }
  });
});

describe("an origin", () => {
  it("that no browser writes is refused at the start, with what was meant", async () => {
    const refused = async (given: string, hint: RegExp) => {
      const { code, err } = await runCli(["serve", root, "--port", "0", "--cors", given], root);
      assert.equal(code, 1, given);
      assert.match(err, /SERVING_BAD_ORIGIN {2}"\S+" is not the origin of a page\./);
      assert.match(err, hint);
    };
    await refused("https://shop.example.com/", /hint {2}Write it as browsers do: https:\/\/shop\.example\.com\./);
    await refused("https://Shop.example.com/cart?x=1", /browsers do: https:\/\/shop\.example\.com\./);
    await refused("https://shop.example.com:443", /browsers do: https:\/\/shop\.example\.com\./);
    await refused("shop.example.com", /browsers do: https:\/\/shop\.example\.com, https:\/\/\*\.example\.com, or \*/);
    await refused("https://*", /or \* for every page there is/);
  });
});
