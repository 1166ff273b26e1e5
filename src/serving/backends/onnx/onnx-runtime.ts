import { join } from "node:path";
import { queueDefaults } from "../../engines/engine.ts";
import type { Inspection, Runtime, RuntimeVersion, TensorRunner } from "../../engines/runtime.ts";
import type { HostedModel } from "../../hosts/hosted-model.ts";
import type { InspectRequest } from "../../hosts/messages.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import type { Tensors } from "../../tensors/tensor.ts";

/** Runs `model.onnx` in model hosts. What a version with such a file is run by. */
export const onnxRuntime: Runtime = {
  kind: "onnx",
  needsFiles: true,
  inspect: inspectVersion,
  async load(version, inspection) {
    const { handler, model, pool, directory } = version;
    const deadline = handler?.options.deadline ?? queueDefaults.deadline;
    const instances = handler?.options.instances ?? queueDefaults.instances;
    const hosted = pool.hold({ model, file: join(directory, MODEL_FILE), instances, deadline });
    try {
      await hosted.open();
    } catch (error) {
      hosted.close();
      throw error;
    }
    return new OnnxRunner(hosted, { ...inspection!, slots: instances });
  },
};

class OnnxRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly signature;
  readonly batches;
  readonly slots;
  readonly #hosted: HostedModel;

  constructor(hosted: HostedModel, found: Inspection & { slots: number }) {
    this.#hosted = hosted;
    this.signature = found.signature;
    this.batches = found.batches;
    this.slots = found.slots;
  }

  async run(inputs: Tensors) {
    const { tensors, milliseconds } = await this.#hosted.run(inputs);
    return { result: tensors, milliseconds };
  }

  close(): void {
    this.#hosted.close();
  }
}

/** Tries the file in a throw-away host; with the handler's warm-up a second time, for turning items into rows needs the signature. */
async function inspectVersion(version: RuntimeVersion): Promise<Inspection> {
  const { handler, pool, directory } = version;
  const request: InspectRequest = { directory, file: MODEL_FILE, probe: handler?.options.batch !== false };
  const found = await pool.inspect(request);
  const warmUp = await version.warmUp(found.signature);
  if (warmUp.length === 0) return found;
  const rows = warmUp.map((tensors) =>
    Object.entries(tensors).map(([name, { datatype, shape, data }]) => ({ name, datatype, shape, data })),
  );
  return pool.inspect({ ...request, warmUp: rows });
}
