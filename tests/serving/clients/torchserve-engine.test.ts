import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { torchServe } from "cortado/serving";
import { startPythonEngine } from "./python-engine.ts";
import { pythonEnvironment } from "./python-environment.ts";
import { serveHandler } from "./serve-handler.ts";

const engines = join(import.meta.dirname, "engines");

describe("a model on a real TorchServe", () => {
  it("TorchServe runs items", async (t) => {
    if (spawnSync("java", ["-version"]).status !== 0) return t.skip("Java is not here");
    const packages = ["torchserve", "torch-model-archiver", "pyyaml"];
    const environment = pythonEnvironment("torchserve", { packages, debian: true });
    if (environment === undefined) return t.skip("TorchServe cannot be installed here");
    if (spawnSync(join(environment, "bin/python"), ["-c", "import torch"]).status !== 0) return t.skip("torch is not here");
    const engine = await startPythonEngine({
      ready: "models/double",
      command({ folder, port }) {
        const words = ["--model-name", "double", "--version", "1.0", "--handler", join(engines, "torchserve_double.py")];
        spawnSync(join(environment, "bin/torch-model-archiver"), [...words, "--export-path", folder], { stdio: "ignore" });
        const address = (name: string, at: number) => `${name}_address=http://127.0.0.1:${at}`;
        const lines = [address("inference", port), address("management", port), address("metrics", port + 2)];
        lines.push("load_models=double.mar", "default_workers_per_model=1", "disable_token_authorization=true");
        writeFileSync(join(folder, "config.properties"), lines.join("\n"));
        const config = ["--ts-config", join(folder, "config.properties"), "--model-store", folder];
        return [join(environment, "bin/torchserve"), "--foreground", "--ncs", ...config];
      },
    });
    if (engine === undefined) return t.skip("TorchServe does not start here");
    after(() => engine.close());
    const models = await serveHandler("double", torchServe({ url: engine.url, model: "double" }));
    assert.deepEqual((await models.predict("double", [{ x: [1, 2] }, { x: [3] }])).outputs, [{ y: [2, 4] }, { y: [6] }]);
    assert.deepEqual((await models.predict("double", [{ x: [1] }])).model, "double");
  });
});
