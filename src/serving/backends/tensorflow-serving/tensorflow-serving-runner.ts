import { performance } from "node:perf_hooks";
import type { RunOptions, RunResult, TensorRunner } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { decoded } from "../../protocols/tensorflow-serving/predict-body.ts";
import { tensorJson } from "../../protocols/tensorflow-serving/write-json.ts";
import { tensorFromNested } from "../../tensors/read-json.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { checkStatus } from "../remote/check-status.ts";
import { checkedOutputs } from "../remote/checked-outputs.ts";
import { readJson } from "../remote/read-json-answer.ts";
import type { RemoteClient } from "../remote/remote-client.ts";
import type { RemoteContext } from "../remote/remote-runtime.ts";

interface TensorFlowModel extends RemoteContext {
  /** Where it is asked. */
  path: string;
  signature: Signature;
  signatureName: string;
}

/** Runs tensors on TensorFlow Serving, in columns. */
export class TensorFlowServingRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly batches = false;
  readonly signature: Signature;
  readonly slots: number;
  readonly #client: RemoteClient;
  readonly #model: TensorFlowModel;

  constructor(client: RemoteClient, model: TensorFlowModel) {
    this.#client = client;
    this.#model = model;
    this.signature = model.signature;
    this.slots = model.slots;
  }

  async run(inputs: Tensors, { signal, requestId, trace }: RunOptions = {}): Promise<RunResult<Tensors>> {
    const started = performance.now();
    const { path, signature, model } = this.#model;
    const answer = await this.#client.ask({
      path,
      body: [this.#body(inputs)],
      headers: { "content-type": "application/json" },
      signal,
      requestId,
      trace,
    });
    const { outputs } = readJson(checkStatus(answer, this.#model), model) as { outputs?: unknown };
    const result = checkedOutputs(this.#read(outputs), { inputs, signature, model });
    return { result, milliseconds: performance.now() - started };
  }

  problem(): string | undefined {
    return this.#client.problem;
  }

  close(): void {
    this.#client.close();
  }

  #body(inputs: Tensors): Buffer {
    const { signature, signatureName } = this.#model;
    const columns = signature.inputs.map(({ name }) => `${JSON.stringify(name)}:${tensorJson(inputs[name]!, { name }).text}`);
    return Buffer.from(`{"signature_name":${JSON.stringify(signatureName)},"inputs":{${columns.join()}}}`);
  }

  #read(outputs: unknown): Tensors {
    const { signature, model } = this.#model;
    const single = signature.outputs.length === 1;
    const tensors: Tensors = Object.create(null) as Tensors;
    try {
      for (const spec of signature.outputs) {
        const value = single ? outputs : (outputs as Record<string, unknown>)[spec.name];
        const where = `outputs.${spec.name}`;
        tensors[spec.name] = tensorFromNested(spec.datatype === "BYTES" ? decoded(value, where) : value, { ...spec, where });
      }
    } catch (error) {
      const problem = "answered a tensor that its metadata do not allow";
      throw servingErrors.SERVING_REMOTE_FAILED({ model, problem, cause: error });
    }
    return tensors;
  }
}
