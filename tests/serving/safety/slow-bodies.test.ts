import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { handler, ModelServer, protocolUrls } from "cortado/serving";
import { identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { protocolSite } from "../protocols/protocol-site.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "whole/1", identityModel("int64", ["batch", 2]));
putModel(root, "text/1", identityModel("string", ["batch"]));
const echo = handler({ name: "echo", access: "public", inference: (items: unknown[]) => items });
const models = new ModelServer({ handlers: [echo], directories: [root], access: "public", log: { info() {}, warn() {} } });
const site = await protocolSite(
  protocolUrls(["open-inference", "tensorflow-serving", "torchserve", "mlflow", "openai", "health"]),
  models,
);
after(() => site.close());

/** Nobody else is answered while one body is read: the longest that a health check waited meanwhile. */
async function longestWait(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let done = false;
  const watching = (async () => {
    while (!done) {
      const asked = performance.now();
      await fetch(`${site.url}/health/live`);
      longest = Math.max(longest, performance.now() - asked);
    }
  })();
  await work();
  done = true;
  await watching;
  return longest;
}

const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, i) => make(i)).join();

/** Bodies whose reading took time by the square of their length, or more, in one server or another. */
const bodies: Record<string, [address: string, body: string | Buffer, type?: string]> = {
  "a string that does not end, all quotes": ["/v1/models/text:predict", `{"instances": ["${'\\"'.repeat(300_000)}NaN`],
  "a string of backslashes beside a bare token": ["/v1/models/text:predict", `{"instances": ["${"\\\\".repeat(300_000)}", NaN]}`],
  "a number of a million digits": [
    "/v2/models/whole/infer",
    `{"inputs": [{"name": "x", "shape": [1, 2], "datatype": "INT64", "data": [${"9".repeat(2_000_000)}, 1]}]}`,
  ],
  "the same for TensorFlow Serving": ["/v1/models/whole:predict", `{"instances": [[${"9".repeat(2_000_000)}, 1]]}`],
  "inputs of many names": [
    "/v2/models/double/infer",
    `{"parameters": {"priority": 1}, "inputs": [${many(120_000, (i) => `{"name": "n${i}"}`)}]}`,
  ],
  "outputs of many names": [
    "/v2/models/double/infer",
    `{"parameters": {"priority": 1}, "inputs": [], "outputs": [${many(120_000, (i) => `{"name": "n${i}"}`)}]}`,
  ],
  "columns of many names": [
    "/mlflow/echo/invocations",
    `{"dataframe_split": {"columns": [${many(150_000, (i) => `"n${i}"`)}], "data": []}}`,
  ],
  "a table of many columns": ["/mlflow/echo/invocations", `${many(200_000, (i) => `n${i}`)}\n`, "text/csv"],
  "a name of a million letters": ["/v2/models/double/infer", `{"inputs": [{"name": "${"x".repeat(1_000_000)}"}]}`],
  "keys of a million letters": ["/predictions/double", `{"${"x".repeat(1_000_000)}": 1}`],
  "arrays in arrays": ["/v2/models/double/infer", "[".repeat(1_000_000)],
  "objects in objects": ["/predictions/echo", '{"a":'.repeat(300_000)],
  "a tensor whose sizes are beyond counting": [
    "/v2/models/double/infer",
    '{"inputs": [{"name": "x", "datatype": "FP32", "shape": [4294967296, 4294967296], "data": []}]}',
  ],
  "a sequence named by a million letters": [
    "/v2/models/double/infer",
    `{"parameters": {"sequence_id": "${"s".repeat(1_000_000)}"}, "inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}`,
  ],
  "a boundary of a million letters": ["/predictions/echo", "--x", `multipart/form-data; boundary=${"x".repeat(8_000)}`],
  "a form of many parts": [
    "/predictions/echo",
    `${'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(50_000)}--x--\r\n`,
    "multipart/form-data; boundary=x",
  ],
  "a form of many fields": ["/predictions/echo", "a=1&".repeat(300_000), "application/x-www-form-urlencoded"],
  "many messages of no role": [
    "/openai/v1/chat/completions",
    `{"model": "${"m@".repeat(200_000)}", "messages": [${many(100_000, () => "{}")}]}`,
  ],
};

describe("bodies that are made to be slow", () => {
  for (const [name, [address, body, type = "application/json"]] of Object.entries(bodies))
    it(`hold nobody up: ${name}`, async () => {
      let answered: Response | undefined;
      const wait = await longestWait(async () => {
        answered = await fetch(site.url + address, { method: "POST", body: body as string, headers: { "content-type": type } });
        await answered.text();
      });
      assert.ok(answered!.status < 500, `${answered!.status}`);
      // A body of the square takes minutes; a loaded machine a second or two.
      assert.ok(wait < 10_000, `${wait} ms`);
    });

  it("hold nobody up: zeros that unpack to more than a body may have", async () => {
    const body = gzipSync(Buffer.alloc(200 * 2 ** 20));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const { status } = await fetch(`${site.url}/v2/models/double/infer`, { method: "POST", body, headers });
    assert.equal(status, 413);
  });

  it("leave integers of 64 bits as they are, and refuse those beyond", async () => {
    const ask = async (data: string) => {
      const body = `{"inputs": [{"name": "x", "shape": [1, 2], "datatype": "INT64", "data": [${data}, 1]}]}`;
      const answered = await fetch(`${site.url}/v2/models/whole/infer`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      return { status: answered.status, text: await answered.text() };
    };
    assert.match((await ask("9223372036854775807")).text, /9223372036854775807/);
    assert.match((await ask("-9223372036854775808")).text, /-9223372036854775808/);
    for (const beyond of ["9223372036854775808", "99999999999999999999", "9".repeat(40), "1e400", "0.5"])
      assert.equal((await ask(beyond)).status, 400, beyond);
  });
});
