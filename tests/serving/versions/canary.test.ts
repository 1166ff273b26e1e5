import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Canary, ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, withServer } from "./served.ts";

async function withTwo(work: (server: ModelServer) => Promise<void>): Promise<void> {
  const root = temporaryFolder();
  for (const version of ["1", "2"]) await publish(root, version);
  await withServer({ directories: [root] }, work);
}

const split = (server: ModelServer, canary: Canary) => server.setAlias("times", "default", { version: "1", canary });

describe("a canary", () => {
  it("answers its share of the requests, and no more", async () => {
    await withTwo(async (server) => {
      await split(server, { version: "2", percent: 25 });
      const answers = await Promise.all(Array.from({ length: 100 }, () => factor(server)));
      const more = await Promise.all(Array.from({ length: 100 }, () => factor(server)));
      const share = [...answers, ...more].filter((answer) => answer === 2).length;
      // Of 200, 50 are expected; fewer than 20 or more than 90 come about once in ten million times.
      assert.ok(share >= 20 && share <= 90, String(share));
      assert.equal(await factor(server, { version: "1" }), 1);
      await split(server, { version: "2", percent: 0 });
      assert.equal(await factor(server), 1);
      await split(server, { version: "2", percent: 100 });
      assert.equal(await factor(server), 2);
    });
  });

  it("answers the same value of the key always or never, and keeps whom it has when its share grows", async () => {
    await withTwo(async (server) => {
      const users = Array.from({ length: 60 }, (_, i) => `user-${i}`);
      const chosen = async (percent: number) => {
        await split(server, { version: "2", percent, key: "X-User" });
        const answers = await Promise.all(users.map((user) => factor(server, { headers: { "x-user": user } })));
        return users.filter((_, i) => answers[i] === 2);
      };
      const few = await chosen(20);
      assert.ok(few.length > 2 && few.length < 30, String(few.length));
      assert.deepEqual(await chosen(20), few);
      const more = await chosen(60);
      assert.ok(more.length > few.length);
      assert.deepEqual(
        few.filter((user) => !more.includes(user)),
        [],
      );
    });
  });

  it("is chosen or avoided by a header", async () => {
    await withTwo(async (server) => {
      await split(server, { version: "2", percent: 0, header: "X-Canary" });
      assert.equal(await factor(server), 1);
      assert.equal(await factor(server, { headers: { "x-canary": "always" } }), 2);
      await split(server, { version: "2", percent: 100, header: "X-Canary" });
      assert.equal(await factor(server, { headers: { "x-canary": "never" } }), 1);
    });
  });

  it("ends when its version is promoted", async () => {
    await withTwo(async (server) => {
      await split(server, { version: "2", percent: 10 });
      assert.deepEqual(server.describe("times").targets["default"], {
        version: "1",
        canary: { version: "2", percent: 10 },
        history: ["2"],
      });
      await server.setAlias("times", "default", { version: "2" });
      assert.deepEqual(server.describe("times").targets["default"], { version: "2", history: ["2", "1"] });
      assert.equal(await factor(server), 2);
    });
  });

  it("that does not load is refused, and the alias stays as it is", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2", { bytes: Buffer.from("no model") });
    await withServer({ directories: [root] }, async (server) => {
      await assert.rejects(split(server, { version: "2", percent: 50 }), refusal({ code: "SERVING_VERSION_FAILED" }));
      await assert.rejects(split(server, { version: "3", percent: 50 }), refusal({ code: "SERVING_UNKNOWN_VERSION" }));
      assert.deepEqual(server.describe("times").targets, {});
    });
  });

  it("with a share, key or header that cannot be is refused with what is possible", async () => {
    await withTwo(async (server) => {
      const refused = (canary: Partial<Canary>, message: string) =>
        assert.rejects(split(server, { version: "2", percent: 5, ...canary }), refusal({ code: "SERVING_BAD_INPUT", message }));
      await refused({ percent: 101 }, "canary.percent is 101, and must be a number from 0 to 100.");
      await refused({ percent: Number.NaN }, "canary.percent is null, and must be a number from 0 to 100.");
      await refused({ key: "x user" }, 'canary.key is "x user", and must be the name of a header.');
      await refused({ header: "" }, 'canary.header is "", and must be the name of a header.');
    });
  });
});
