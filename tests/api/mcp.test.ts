import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defineApp, defineProject, include, openProject, path } from "cortado";
import { api } from "cortado/api";
import { handler } from "cortado/serving";
import { z } from "zod";

const handlers = {
  words: handler({
    name: "words",
    access: "public",
    description: "Counts words.",
    input: z.object({ text: z.string().describe("What to count in.") }),
    output: z.object({ count: z.number() }),
    inference: (items: { text: string }[]) => items.map(({ text }) => ({ count: text.split(" ").length })),
  }),
  broken: handler({
    name: "broken",
    access: "public",
    input: z.object({}),
    inference: () => {
      throw new Error("a secret of the house");
    },
  }),
  closed: handler({ name: "closed", input: z.object({}), inference: (items: unknown[]) => items }),
};
const project = await openProject(
  defineProject({ mode: "test", secretKey: "for tests", database: "sqlite::memory:", apps: [defineApp({ name: "lab", handlers })], urls: [path("api/", include(api.urls))] }), // prettier-ignore
);
after(() => project.close());

async function send(body: unknown) {
  const server = await project.server();
  return server.inject({ method: "POST", url: "/api/mcp", headers: { host: "localhost" }, payload: body as object });
}
const ask = async (method: string, params: object = {}) => (await send({ jsonrpc: "2.0", id: 7, method, params })).json();

test("a client finds what is spoken, in its own revision where that is known", async () => {
  const { id, result } = await ask("initialize", {
    protocolVersion: "2025-03-26",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  });
  assert.deepEqual(
    [id, result.protocolVersion, result.capabilities, result.serverInfo.name],
    [7, "2025-03-26", { tools: {} }, "cortado"],
  );
  assert.equal((await ask("initialize", { protocolVersion: "1999-01-01" })).result.protocolVersion, "2025-06-18");
  assert.equal((await send({ jsonrpc: "2.0", method: "notifications/initialized" })).statusCode, 202);
  assert.deepEqual((await ask("ping")).result, {});
});

test("the models that the caller may ask are tools, with the schemas of their handlers", async () => {
  const { tools } = (await ask("tools/list")).result;
  assert.deepEqual(
    tools.map(({ name }: { name: string }) => name),
    ["broken", "words"],
  );
  const { description, inputSchema, outputSchema } = tools[1];
  assert.equal(description, "Counts words.");
  assert.deepEqual(inputSchema.properties, { text: { type: "string", description: "What to count in." } });
  assert.deepEqual([inputSchema.type, inputSchema.required, outputSchema.required], ["object", ["text"], ["count"]]);
});

test("a tool answers in text and in its own shape", async () => {
  const { result } = await ask("tools/call", { name: "words", arguments: { text: "one two three" } });
  assert.deepEqual(result, { content: [{ type: "text", text: '{"count":3}' }], structuredContent: { count: 3 } });
});

test("what is wrong with the arguments is told to the one who chose them", async () => {
  const { result } = await ask("tools/call", { name: "words", arguments: { text: 3 } });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /input\.text/);
});

test("what may not be called, what is not there and what is no message is refused; a fault tells nothing of itself", async () => {
  assert.deepEqual((await ask("tools/call", { name: "closed" })).error, {
    code: -32_602,
    message: 'There is no tool "closed" that you may call.',
  });
  assert.equal((await ask("tools/call", { name: "nothing" })).error.code, -32_602);
  assert.equal((await ask("resources/list")).error.code, -32_601);
  assert.equal((await ask("constructor")).error.code, -32_601);
  const fault = await ask("tools/call", { name: "broken" });
  assert.deepEqual(fault.error, { code: -32_603, message: "Something went wrong in the server." });
  for (const body of [[], "text", { method: "ping", id: 1 }, { jsonrpc: "2.0" }])
    assert.equal((await send(body)).statusCode, 400);
});
