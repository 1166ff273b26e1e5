import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openInference } from "cortado/serving";
import { refusal } from "../refused.ts";
import { startPythonEngine } from "./python-engine.ts";
import { pythonEnvironment } from "./python-environment.ts";
import { serveHandler } from "./serve-handler.ts";

const spec = (name: string, datatype: string, shape: number[]) => ({ name, datatype, shape });

describe("a model on a real MLServer", () => {
  it("MLServer runs a model, and says what it refuses", async (t) => {
    const environment = pythonEnvironment("mlserver", { packages: ["mlserver"] });
    if (environment === undefined) return t.skip("MLServer cannot be installed here");
    const engine = await startPythonEngine({
      ready: "v2/models/double/ready",
      command({ folder, port }) {
        const ports = { host: "127.0.0.1", http_port: port, grpc_port: port + 1, metrics_port: port + 2 };
        writeFileSync(join(folder, "settings.json"), JSON.stringify({ ...ports, parallel_workers: 0, debug: false }));
        const inputs = [spec("x", "FP32", [-1, 2]), spec("text", "BYTES", [-1, 1])];
        const outputs = [spec("y", "FP32", [-1, 2]), spec("loud", "BYTES", [-1, 1])];
        const model = { name: "double", implementation: "mlserver_double.Double", inputs, outputs };
        writeFileSync(join(folder, "model-settings.json"), JSON.stringify(model));
        return [join(environment, "bin/mlserver"), "start", folder];
      },
    });
    if (engine === undefined) return t.skip("MLServer does not start here");
    after(() => engine.close());
    const models = await serveHandler("double", openInference({ url: engine.url, model: "double" }));
    assert.deepEqual((await models.predict("double", [{ x: [1.5, 2], text: ["hi"] }])).outputs, [{ y: [3, 4], loud: ["HI"] }]);
    await assert.rejects(
      models.predict("double", [{ x: [-1, 2], text: ["hi"] }]),
      refusal({ code: "SERVING_MODEL_REFUSED", message: /negative numbers/ }),
    );
  });
});
