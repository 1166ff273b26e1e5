import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProjectSettings } from "cortado";
import { path } from "cortado/http";
import { checkServing, handler, protocolNames } from "cortado/serving";

const project = (parts: object): ProjectSettings =>
  ({ apps: [], root: import.meta.dirname, ...parts }) as unknown as ProjectSettings;

describe("the checks of serving", () => {
  it("name what says when models are loaded and cannot be", () => {
    const versions = { latest: 0 } as const;
    const times = handler({ name: "times", inference: (items) => items, versions: ["latest"] });
    const serving = { mode: "pol", loading: "late", load: "*", memory: -1, versions };
    const found = checkServing(project({ serving, apps: [{ name: "shop", handlers: { times } }] }));
    assert.deepEqual(new Set(found.map(({ code }) => code)), new Set(["SERVING_CHECK_BAD_LOADING"]));
    assert.deepEqual(
      found.map(({ object, message }) => `${object}: ${message}`),
      [
        'serving.mode: It is "pol", and must be "poll" or "explicit".',
        'serving.loading: It is "late", and must be "eager" or "lazy".',
        'serving.load: It is "*", and must be an array of models\' names.',
        "serving.memory: It is -1, and must be a number of bytes.",
        'serving.versions: It is {"latest":0}, and must be "all", { latest: 2 }, or numbers like ["3", "5"].',
        'shop.times.versions: It is ["latest"], and must be "all", { latest: 2 }, or numbers like ["3", "5"].',
      ],
    );
  });

  it("name how many, how long and how much every model may, where that is no such number", () => {
    const serving = { instances: 0, deadline: "30s", batch: { maxSize: 1.5 }, queue: { maxSize: -1 }, idle: 0.05 };
    const found = checkServing(project({ serving }));
    assert.deepEqual(new Set(found.map(({ code }) => code)), new Set(["SERVING_CHECK_BAD_LIMIT"]));
    assert.deepEqual(
      found.map(({ object, message }) => `${object}: ${message}`),
      [
        "serving.idle: It is 0.05, and must be a number from 0.1.",
        "serving.deadline: It is 30s, and must be a number from 1 to 2147483647.",
        "serving.instances: It is 0, and must be a whole number from 1.",
        "serving.batch.maxSize: It is 1.5, and must be a whole number from 1.",
        "serving.queue.maxSize: It is -1, and must be a whole number from 1.",
      ],
    );
  });

  it("name a protocol that nobody speaks, and the nearest one", () => {
    const [found] = checkServing(project({ serving: { protocols: ["open-inferense"] } }));
    assert.equal(found!.code, "SERVING_CHECK_UNKNOWN_PROTOCOL");
    assert.equal(found!.message, `There is no protocol "open-inferense". There are: ${protocolNames.join(", ")}.`);
    assert.equal(found!.hint, 'Did you mean "open-inference"?');
  });

  it("name a port of gRPC that is none", () => {
    assert.deepEqual(checkServing(project({ serving: { grpc: { port: 8001 } } })), []);
    const [found] = checkServing(project({ serving: { grpc: { port: "8001" } } }));
    assert.equal(found!.code, "SERVING_CHECK_BAD_GRPC_PORT");
    assert.equal(found!.message, 'Its port is "8001", and must be a whole number from 0 to 65535.');
    assert.equal(found!.hint, "serving: { grpc: { port: 8001 } }");
  });

  it("name a protocol whose addresses the project's own urls take", () => {
    const urls = [path("v1/models/<str:name>", () => "mine"), path("<path:rest>/infer", () => "mine")];
    const found = checkServing(project({ urls, serving: { protocols: ["tensorflow-serving", "health"] } }));
    assert.deepEqual(
      found.map(({ code, level }) => [code, level]),
      [["SERVING_CHECK_TAKEN_ADDRESS", "warning"]],
    );
    const { message, hint } = found[0]!;
    assert.equal(message, 'The project\'s own urls answer /v1/models/name, which clients of "tensorflow-serving" ask for.');
    assert.equal(hint, 'Move them, or leave "tensorflow-serving" out of serving.protocols.');
    assert.match(checkServing(project({ urls }))[0]!.message, /\/v2\/models\/name\/infer, which clients of "open-inference"/);
  });
});
