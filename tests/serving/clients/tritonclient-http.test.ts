import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "node:test";
import { handler } from "cortado/serving";
import { exampleModels, startV2 } from "../protocols/open-inference-server.ts";
import { pythonEnvironment } from "./python-environment.ts";

const environment = pythonEnvironment("tritonclient-http", { packages: ["tritonclient[http]"] });
const range = (from: number, step = 1) => Array.from({ length: 16 }, (_, i) => from + i * step);

/** Serves Triton's example models over HTTP, asks them by the script, and gives what it told. */
async function asked(): Promise<Record<string, any>> {
  const state = { stateN: "state" };
  const sequence = handler({ name: "simple_sequence", source: "file:sequence-files", sequence: { state } });
  const server = await startV2(exampleModels(), [sequence], { serverName: "triton" });
  try {
    const script = join(import.meta.dirname, "triton_http.py");
    const address = server.url.replace("http://", "");
    const { stdout } = await promisify(execFile)(join(environment!, "bin/python"), [script, address], { timeout: 120_000 });
    return JSON.parse(stdout) as Record<string, any>;
  } finally {
    await server.close();
  }
}

describe("Triton's client for Python over HTTP", { skip: environment === undefined && "PyPI cannot be reached" }, () => {
  it("finds all that it asks for", async () => {
    const told = await asked();
    assert.deepEqual(
      [told["live"], told["ready"], told["model_ready"], told["name"]],
      [true, true, [true, true, false], "triton"],
    );
    assert.deepEqual(told["metadata"], ["simple", ["1"], [[-1, 16], [-1, 16]]]); // oxfmt-ignore
    assert.match(told["unknown"][1], /^Request for unknown model/);
    assert.equal(told["config"], "TYPE_INT32");
    assert.deepEqual([told["sum"], told["difference"], told["id"]], [range(-1), range(1), "7"]);
    assert.deepEqual(told["no_outputs"], [range(-1), range(1)]);
    assert.deepEqual(told["packed"], { gzip: range(1), deflate: range(1) });
    assert.deepEqual(told["infer_unknown"], ["404", "Request for unknown model: 'wrong_model_name' is not found"]);
    assert.equal(told["misfit"][0], "400");
    assert.deepEqual(told["reused"], [range(-1), range(-1), range(-1)]);
    assert.deepEqual(
      told["async"],
      Array.from({ length: 20 }, (_, i) => i - 1),
    );
    assert.deepEqual(told["texts"], [range(1).map(String), range(-1).map(String)]);
    assert.deepEqual(told["words"], ["", "ü", "a b"]);
    assert.deepEqual(new Set(Object.values(told["echo"] as object)), new Set([true]), JSON.stringify(told["echo"]));
    assert.deepEqual([told["large_binary"], told["large_json"]], [true, true]);
    assert.deepEqual(told["classes"], ["14:15", "13:14"]);
    assert.deepEqual(told["sequence"], [[11, 18, 23], [11, 18, 23]]); // oxfmt-ignore
    assert.deepEqual(told["priority"], [1, 2]);
    assert.deepEqual([told["statistics"], told["all_statistics"]], [[1, true, 0], true]);
    assert.deepEqual(told["index"], ["simple", "simple_identity", "simple_sequence", "simple_string"]);
    assert.deepEqual([told["unloaded"], told["loaded"]], [false, true]);
    for (const name of ["load_error", "config_error", "file_error"]) {
      assert.equal(told[name][0], "400");
      assert.match(told[name][1], /^failed to load/);
    }
    assert.deepEqual([told["log"], told["log_file"][0], told["trace"]], [true, "400", ["OFF"]]);
    assert.equal(told["offline"][0], true);
    assert.deepEqual(
      told["aio"],
      Array.from({ length: 10 }, () => 0),
    );
  });
});
