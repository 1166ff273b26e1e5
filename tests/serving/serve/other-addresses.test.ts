// Addresses that `cortado serve` does not have: its clients are programs, and are told so as programs are.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ModelServer, protocolNames, protocolUrls, serveDirectory, type ServedDirectory } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { protocolSite } from "../protocols/protocol-site.ts";

describe("a server of models, asked at an address that it does not have", () => {
  let server: ServedDirectory;
  before(
    async () => void (server = await serveDirectory(temporaryFolder({ after }), { port: 0, log: { info() {}, warn() {} } })),
  );
  after(() => server.close());

  const ask = async (path: string, accept?: string) => {
    const answer = await fetch(server.url + path, accept === undefined ? {} : { headers: { accept } });
    return { status: answer.status, type: answer.headers.get("content-type")!.split(";")[0], text: await answer.text() };
  };

  it("answers JSON to whoever takes anything", async () => {
    for (const path of ["/nothing", "/v1/nothing", "/metrics/nothing", "/static/nothing"])
      for (const accept of [undefined, "*/*", "application/*", "text/html;q=0, */*"]) {
        const { status, type, text } = await ask(path, accept);
        assert.deepEqual([status, type], [404, "application/json"], `${path} ${accept}`);
        assert.deepEqual(Object.keys((JSON.parse(text) as { error: object }).error), ["code", "message"]);
      }
    const { status, text } = await ask("/api/models/%");
    assert.deepEqual([status, JSON.parse(text).error.code], [400, "HTTP_BAD_PATH"]);
  });

  it("names the right one to OpenAI's clients that were given its root", async () => {
    for (const path of ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/rerank"]) {
      const answer = await fetch(server.url + path, { method: "POST", body: "{}" });
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      assert.deepEqual([answer.status, error.code], [404, "unknown_url"]);
      assert.equal(
        error.message,
        `There is nothing at ${path}. OpenAI's protocol is at /openai/v1 here: ask /openai${path}, or give your client a base URL that ends in /openai/v1.`,
      );
    }
  });

  it("answers a page to who names HTML, as browsers do", async () => {
    const { status, type, text } = await ask("/nothing", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert.deepEqual([status, type], [404, "text/html"]);
    assert.match(text, /There is no page at \/nothing\./);
  });
});

describe("a site with pages of its own, asked below an address for programs that it does not have", () => {
  it("answers JSON to whoever asks", async () => {
    const site = await protocolSite(
      protocolUrls(protocolNames),
      new ModelServer({ handlers: [], log: { info() {}, warn() {} } }),
    );
    after(() => site.close());
    const ask = async (path: string) => (await fetch(site.url + path)).headers.get("content-type")!.split(";")[0];
    for (const path of ["/health", "/health/nothing", "/metrics/nothing", "/monitoring/nothing", "/ping/nothing"])
      assert.equal(await ask(path), "application/json", path);
    assert.equal(await ask("/nothing"), "text/html");
    for (const path of ["/health/live", "/health/ready", "/metrics", "/monitoring/prometheus/metrics"]) {
      const { status, headers } = await fetch(site.url + path, { method: "POST" });
      assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD, OPTIONS"], path);
    }
  });
});
