import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openInference } from "cortado/serving";
import { startPythonEngine } from "./python-engine.ts";
import { pythonEnvironment } from "./python-environment.ts";
import { serveHandler } from "./serve-handler.ts";

const engines = join(import.meta.dirname, "engines");

describe("a model on a real Triton", () => {
  it("Triton, as pytriton brings it, runs batches that are no larger than it takes", async (t) => {
    const environment = pythonEnvironment("pytriton", { packages: ["nvidia-pytriton", "numpy<2"], debian: true });
    if (environment === undefined) return t.skip("pytriton cannot be installed here");
    const engine = await startPythonEngine({
      ready: "v2/models/double/ready",
      command: ({ port }) => [join(environment, "bin/python"), join(engines, "pytriton_double.py"), String(port)],
    });
    if (engine === undefined) return t.skip("pytriton does not start here");
    after(() => engine.close());
    const models = await serveHandler("double", openInference({ url: engine.url, model: "double", connections: 1 }));
    const items = Array.from({ length: 10 }, (_, i) => ({ x: [i, -i], text: ["ü"] }));
    const { outputs } = await models.predict("double", items);
    assert.deepEqual(
      outputs.map((output: any) => output.y),
      items.map(({ x: [a, b] }) => [2 * a!, 2 * b!]),
    );
    const rows = outputs.map((output: any) => Number(output.rows[0]));
    assert.ok(Math.max(...rows) > 1 && Math.max(...rows) <= 4, `ran in batches of ${rows.join()}`);
  });
});
