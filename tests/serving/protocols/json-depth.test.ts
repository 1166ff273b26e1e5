// One limit for the depth of JSON, in whichever protocol and form it comes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { handler, ModelServer, protocolUrls } from "cortado/serving";
import { protocolSite } from "./protocol-site.ts";

const deep = handler({ name: "deep", access: "public", inference: (items: unknown[]) => items.map(() => "taken") });
const log = { info() {}, warn() {} };
const protocols = protocolUrls(["torchserve", "mlflow", "open-inference"]);

/** The addresses that take any JSON, and how each takes an item. */
const addresses: readonly (readonly [string, (item: unknown) => unknown])[] = [
  ["predictions/deep", (item) => item],
  ["mlflow/deep/invocations", (item) => ({ instances: [item] })],
  ["v2/models/deep/generate", (item) => ({ item })],
];

describe("the setting uploads.maxJsonDepth", () => {
  for (const most of [20, 200])
    it(`holds at ${most} levels for plain and packed bodies on every protocol`, async (t) => {
      const site = await protocolSite(protocols, new ModelServer({ handlers: [deep], log }), { uploads: { maxJsonDepth: most } });
      t.after(() => site.close());
      const send = async (address: string, body: unknown, packed: boolean): Promise<string> => {
        const text = JSON.stringify(body);
        const headers = { "content-type": "application/json", ...(packed && { "content-encoding": "gzip" }) };
        const sent = packed ? new Uint8Array(gzipSync(text)) : text;
        return (await fetch(`${site.url}/${address}`, { method: "POST", headers, body: sent })).text();
      };
      for (const [address, wrap] of addresses)
        for (const packed of [false, true]) {
          assert.doesNotMatch(await send(address, wrap(nested(most - 4)), packed), /nested more/, `${address} ${packed}`);
          const refused = await send(address, wrap(nested(most + 1)), packed);
          assert.match(refused, new RegExp(`nested more than ${most} levels deep`), `${address} ${packed}`);
        }
    });
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}
