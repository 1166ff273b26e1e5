import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer, eventStream, type HttpRequest, path } from "cortado/http";
import type { ProjectSettings, Services } from "cortado";

async function open() {
  const seen: { lastEventId?: string; ended?: boolean } = {};
  const view = (request: HttpRequest) =>
    eventStream(request, async function* ({ lastEventId, signal }) {
      seen.lastEventId = lastEventId;
      yield { id: 1, event: "news", data: { text: "a\nb" } };
      yield { data: "two\nlines" };
      await new Promise((done) => signal.addEventListener("abort", done));
      seen.ended = true;
    });
  const settings = { apps: [], urls: [path("news", view)], secretKey: "s".repeat(40), debug: false, mode: "test", root: "/" };
  const server = await createServer({
    services: { settings: { ...settings, allowedHosts: ["*"] } as unknown as ProjectSettings } as Services,
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  return { server, url, seen };
}

test("events are sent as they come, and a stream without an end ends when the server closes", async () => {
  const { server, url, seen } = await open();
  const answer = await fetch(`${url}/news`, { headers: { "last-event-id": "7" } });
  assert.match(answer.headers.get("content-type")!, /^text\/event-stream/);
  const text = answer.text();
  await sleep(50);
  await server.close();
  assert.equal(await text, 'id: 1\nevent: news\ndata: {"text":"a\\nb"}\n\ndata: two\ndata: lines\n\n');
  assert.deepEqual(seen, { lastEventId: "7", ended: true });
});

test("a stream ends when its client goes", async () => {
  const { server, url, seen } = await open();
  const client = new AbortController();
  const answer = await fetch(`${url}/news`, { signal: client.signal });
  await answer.body!.getReader().read();
  client.abort();
  for (let i = 0; i < 50 && !seen.ended; i++) await sleep(20);
  assert.equal(seen.ended, true);
  await server.close();
});
