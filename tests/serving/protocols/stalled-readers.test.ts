import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, modelUrls, protocolUrls, publicOnly, startGrpc } from "cortado/serving";
import { include, path } from "cortado/http";
import { GrpcClient } from "../clients/grpc-client.ts";
import { protocolSite } from "./protocol-site.ts";

let open = 0;
const flood = handler({
  name: "flood",
  access: "public",
  task: "completion",
  deadline: 1000,
  async *stream(_item: unknown) {
    open++;
    try {
      for (;;) yield "x".repeat(100_000);
    } finally {
      open--;
    }
  },
});
const models = new ModelServer({ handlers: [flood] });
const site = await protocolSite([...protocolUrls(["open-inference", "openai"]), path("api/", include(modelUrls()))], models);
const grpc = await startGrpc(models, { port: 0, authorizer: publicOnly });
after(async () => {
  await grpc.close();
  await site.close();
});

/** Asks over a connection of which nothing is read. */
function askDeaf(address: string, body: object): Socket {
  const text = JSON.stringify(body);
  const socket = connect(Number(new URL(site.url).port), "127.0.0.1").on("error", () => {});
  socket.pause();
  socket.write(
    `POST ${address} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n` +
      `content-length: ${text.length}\r\n\r\n${text}`,
  );
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await sleep(50);
  assert.ok(condition());
}

describe("a client that takes nothing of an answer in pieces", { timeout: 120_000 }, () => {
  const addresses: [string, object][] = [
    ["/api/models/flood/predict", { input: {} }],
    ["/v2/models/flood/generate_stream", { text_input: "a" }],
    ["/openai/v1/completions", { model: "flood", prompt: "a", stream: true }],
  ];
  for (const [address, body] of addresses)
    it(`is given up at ${address}, and the model answers others`, async () => {
      const socket = askDeaf(address, body);
      await until(() => open === 1);
      await until(() => open === 0);
      socket.destroy();
      const other = askDeaf(address, body);
      await until(() => open === 1);
      other.destroy();
      await until(() => open === 0);
    });

  it("is given up over gRPC", async () => {
    const client = new GrpcClient(grpc.address);
    const call: any = client.stream();
    call.on("error", () => {});
    call.on("data", () => {});
    call.pause();
    call.write({ model_name: "flood", id: "a", parameters: { text_input: { string_param: "a" } }, inputs: [] });
    await until(() => open === 1);
    await until(() => open === 0);
    await models.unload("flood");
    call.cancel();
    client.close();
  });
});
