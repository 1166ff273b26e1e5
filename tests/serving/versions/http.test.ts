import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { serveDirectory } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { publish } from "./served.ts";

const root = temporaryFolder();
for (const version of ["1", "2", "3"]) await publish(root, version);
const tokenFile = join(temporaryFolder(), "tokens");
writeFileSync(tokenFile, "manage,predict manage-0123456789\npredict predict-0123456789\n");
const log = { info() {}, warn() {} };
const served = await serveDirectory(root, { port: 0, tokenFile, log });
await served.models.settled();
after(() => served.close());

async function ask(call: string, body?: unknown, headers: Record<string, string> = {}) {
  const [method, address] = call.split(" ") as [string, string];
  const answer = await fetch(`${served.url}/api/models/${address}`, {
    method,
    headers: { authorization: "Bearer manage-0123456789", "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const predict = async (headers?: Record<string, string>) =>
  (await ask("POST times/predict", { input: { x: [1, 1] } }, headers)).body.version as string;

describe("aliases over HTTP, under serve", () => {
  it("are pointed, split, taken back and removed", async () => {
    const put = await ask("PUT times/aliases/default", { version: "1" });
    assert.deepEqual(put, { status: 200, body: { alias: "default", version: "1", history: ["3"] } });
    assert.equal(await predict(), "1");
    const canary = { version: "2", percent: 0, header: "x-canary" };
    const split = await ask("PUT times/aliases/default", { canary, shadow: { version: "3", percent: 50 } });
    assert.deepEqual(split.body, {
      alias: "default",
      version: "1",
      canary,
      shadow: { version: "3", percent: 50 },
      history: ["3"],
    });
    assert.equal(await predict(), "1");
    assert.equal(await predict({ "x-canary": "always" }), "2");
    assert.equal((await ask("POST times/aliases/default/rollback")).body.canary, undefined);
    assert.equal(await predict({ "x-canary": "always" }), "1");
    assert.equal((await ask("POST times/aliases/default/rollback", {})).body.version, "3");
    assert.equal((await ask("DELETE times/aliases/default")).status, 204);
    const { body } = await ask("GET times");
    assert.deepEqual([body.aliases, body.targets], [{ default: "3" }, {}]);
    assert.equal((await ask("DELETE times/aliases/champion")).body.error.code, "SERVING_UNKNOWN_ALIAS");
    const unnamed = await ask("PUT times/aliases/champion", { canary });
    assert.deepEqual([unnamed.status, unnamed.body.error.code], [404, "SERVING_UNKNOWN_ALIAS"]);
    const { body: constructed } = await ask("PUT times/aliases/constructor", { version: "1" });
    assert.deepEqual(constructed, { alias: "constructor", version: "1", history: [] });
    assert.equal((await ask("DELETE times/aliases/constructor")).status, 204);
  });

  it("load and unload a model and its versions", async () => {
    const unloaded = await ask("POST times/unload");
    assert.equal(unloaded.status, 200);
    assert.deepEqual(unloaded.body, {
      name: "times",
      served: false,
      states: ["3", "2", "1"].map((version) => ({ version, state: "unloaded" })),
    });
    const refused = await ask("POST times/predict", { input: { x: [1, 1] } });
    assert.deepEqual([refused.status, refused.body.error.code], [503, "SERVING_NOT_LOADED"]);
    assert.equal((await fetch(`${served.url}/health/ready`)).status, 200, "what is unloaded on purpose is not waited for");
    assert.equal((await ask("POST times/load")).body.served, true);
    assert.equal(await predict(), "3");
    assert.deepEqual((await ask("POST times/load", { version: "1" })).body.states.at(-1), { version: "1", state: "ready" });
    assert.equal((await ask("POST nothing/load")).status, 404);
    assert.equal((await ask("POST times/load", { version: "9" })).status, 404);
  });

  it("need a token with the scope", async () => {
    const predictor = { authorization: "Bearer predict-0123456789" };
    const nobody = { authorization: "" };
    const changes: [string, string][] = [
      ["PUT", "times/aliases/x"],
      ["DELETE", "times/aliases/default"],
      ["POST", "times/aliases/default/rollback"],
      ["POST", "times/load"],
      ["POST", "times/unload"],
      ["POST", "nothing/load"],
    ];
    for (const [method, address] of changes) {
      assert.equal((await ask(`${method} ${address}`, "{}", predictor)).status, 403, address);
      assert.equal((await ask(`${method} ${address}`, "{}", nobody)).status, 401, address);
    }
  });

  it("refuse what they cannot read, and say what they take", async () => {
    const refused = async (body: unknown, message: string, status = 400) => {
      const answer = await ask("PUT times/aliases/default", body);
      assert.deepEqual([answer.status, answer.body.error?.message], [status, message]);
    };
    await refused({}, "The body has none of version, canary and shadow.");
    await refused([], "The body is an empty array, and must be an object.");
    await refused({ version: 1 }, "version is the number 1, and must be a text.");
    await refused({ versoin: "1" }, 'The body has "versoin"; it takes version, canary, shadow.');
    await refused({ canary: "2" }, 'canary is the string "2", and must be an object.');
    await refused({ canary: { version: "2" } }, "canary.percent is missing, and must be a number.");
    await refused({ canary: { version: "2", percent: 200 } }, "canary.percent is 200, and must be a number from 0 to 100.");
    await refused({ shadow: { version: "2", share: 3 } }, 'shadow has "share"; it takes version, percent, tolerance.');
    await refused({ version: "9" }, 'The model "times" has no version "9". It has: 3, 2, 1.', 404);
    assert.equal((await ask("PUT times/aliases/__proto__", { version: "1" })).body.error.code, "SERVING_BAD_ALIAS");
    assert.equal((await ask("PUT times/aliases/default", "{")).status, 400);
    assert.equal((await ask("POST times/aliases/default/rollback", { to: "1" })).status, 400);
    assert.equal((await ask("GET times/aliases/default")).status, 405);
    assert.equal((await ask("PUT times/aliases/constructor", { version: "1" })).status, 200);
    assert.equal((await ask("DELETE times/aliases/constructor")).status, 204);
  });
});
