import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Handler, handler } from "cortado/serving";
import { temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { publish, states, until, withServer } from "./served.ts";

const echo = (name: string, options: { idle?: number; keep?: boolean } = {}): Handler =>
  handler({ name, inference: (items: number[]) => items, ...options });

describe("an idle time-out", { concurrency: true }, () => {
  it("lets go of a loaded model that nobody asks, and the next request loads it again", async () => {
    const root = temporaryFolder();
    await publish(root, "1", { bytes: timesModel(1) });
    await withServer({ directories: [root], idle: 0.2 }, async (server) => {
      await until(() => states(server)[0] === "1 unloaded", "it is let go");
      assert.equal(server.describe("times").ready, true);
      assert.equal((await server.predict("times", [{ x: [1, 1] }])).version, "1");
      assert.deepEqual(states(server), ["1 ready"]);
      await until(() => states(server)[0] === "1 unloaded", "it is let go again");
    });
  });

  it("is a handler's own, where it says one, and keeps what is always kept", async () => {
    const handlers = [echo("brief", { idle: 0.1 }), echo("usual"), echo("kept", { keep: true, idle: 0.1 })];
    await withServer({ handlers, idle: 600 }, async (server) => {
      await until(() => states(server, "brief")[0] === "1 unloaded", "the brief one is let go");
      await sleep(300);
      assert.deepEqual([states(server, "usual"), states(server, "kept")], [["1 ready"], ["1 ready"]]);
    });
  });

  it("begins when the last answer is given: what runs, or is asked again and again, stays", async () => {
    const { promise: finished, resolve: finish } = Promise.withResolvers<number[]>();
    const long = handler({ name: "long", idle: 0.1, inference: () => finished });
    await withServer({ handlers: [long, echo("busy", { idle: 2 })] }, async (server) => {
      const running = server.predict("long", [1]);
      for (let i = 0; i < 10; i++) {
        await server.predict("busy", [i]);
        await sleep(40);
      }
      assert.deepEqual([states(server, "long"), states(server, "busy")], [["1 ready"], ["1 ready"]]);
      finish([7]);
      assert.deepEqual((await running).outputs, [7]);
      await until(() => states(server, "long")[0] === "1 unloaded", "it is let go");
    });
  });

  it("leaves alone what has a sequence open, until that ends", async () => {
    const told = handler({
      name: "told",
      idle: 0.1,
      sequence: {},
      inference: (items: string[], _state, { sequence }) => {
        const memory = sequence?.memory as { words?: string[] };
        memory.words = [...(memory.words ?? []), ...items];
        return [memory.words.join(" ")];
      },
    });
    await withServer({ handlers: [told] }, async (server) => {
      const step = async (word: string, step: object) =>
        (await server.predict("told", [word], { sequence: { id: "s", ...step } })).outputs[0];
      await step("once", { start: true });
      await sleep(500);
      assert.equal(await step("upon", {}), "once upon");
      assert.equal(await step("a", { end: true }), "once upon a");
      await until(() => states(server, "told")[0] === "1 unloaded", "it is let go");
    });
  });

  it("that cannot be meant is refused", () => {
    assert.throws(
      () => echo("never", { idle: 0 }),
      refusal({ code: "SERVING_BAD_HANDLER", message: /^idle of the handler "never" is 0, and must be a number from 0\.1/ }),
    );
  });
});
