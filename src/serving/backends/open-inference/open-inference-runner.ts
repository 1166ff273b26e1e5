import { performance } from "node:perf_hooks";
import type { RunOptions, RunResult, TensorRunner } from "../../engines/runtime.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { checkStatus } from "../remote/check-status.ts";
import { checkedOutputs } from "../remote/checked-outputs.ts";
import type { RemoteClient } from "../remote/remote-client.ts";
import type { RemoteContext } from "../remote/remote-runtime.ts";
import { runInParts } from "../remote/run-in-parts.ts";
import { inferQuestion } from "./infer-question.ts";
import { inferAnswer } from "./infer-answer.ts";

interface OpenInferenceModel extends RemoteContext {
  /** Where it is asked. */
  path: string;
  signature: Signature;
  binary: boolean;
  mostRows: number | undefined;
  batches: boolean;
}

/** Runs tensors on an engine that speaks the Open Inference Protocol. */
export class OpenInferenceRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly signature: Signature;
  readonly batches: boolean;
  readonly slots: number;
  readonly #client: RemoteClient;
  readonly #model: OpenInferenceModel;

  constructor(client: RemoteClient, model: OpenInferenceModel) {
    this.#client = client;
    this.#model = model;
    this.signature = model.signature;
    this.batches = model.batches;
    this.slots = model.slots;
  }

  async run(inputs: Tensors, options: RunOptions = {}): Promise<RunResult<Tensors>> {
    const started = performance.now();
    const result = await runInParts(inputs, this.#model.mostRows, (part) => this.#ask(part, options));
    return { result, milliseconds: performance.now() - started };
  }

  problem(): string | undefined {
    return this.#client.problem;
  }

  close(): void {
    this.#client.close();
  }

  async #ask(inputs: Tensors, options: RunOptions): Promise<Tensors> {
    const { path, signature, binary, model } = this.#model;
    const answer = await this.#client.ask({
      path,
      ...inferQuestion(inputs, { signature, binary, options }),
      signal: options.signal,
      requestId: options.requestId,
      trace: options.trace,
    });
    checkStatus(answer, this.#model);
    return checkedOutputs(inferAnswer(answer, model), { inputs, signature, model });
  }
}
