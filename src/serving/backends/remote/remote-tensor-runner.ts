import { performance } from "node:perf_hooks";
import type { RunOptions, RunResult, TensorRunner } from "../../engines/runtime.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { checkStatus } from "./check-status.ts";
import { checkedOutputs } from "./checked-outputs.ts";
import type { RemoteAnswer, RemoteClient, RemoteQuestion } from "./remote-client.ts";
import type { RemoteContext } from "./remote-runtime.ts";
import { runInParts } from "./run-in-parts.ts";

/** A model of tensors elsewhere, and how its engine is asked. */
export interface RemoteTensorModel extends RemoteContext {
  signature: Signature;
  /** True where rows may be run together. */
  batches: boolean;
  /** The most rows that the engine takes at once, where it says so. */
  mostRows?: number | undefined;
  /** Tensors as the engine reads them, and where they are sent. */
  question(inputs: Tensors, options: RunOptions): Pick<RemoteQuestion, "path" | "body" | "headers">;
  /** The tensors of an answer of 200. @throws SERVING_REMOTE_FAILED */
  outputs(answer: RemoteAnswer): Tensors;
}

/** Runs tensors on an engine elsewhere: what it answers is held against the signature. */
export class RemoteTensorRunner implements TensorRunner {
  readonly takes = "tensors";
  readonly signature: Signature;
  readonly batches: boolean;
  readonly slots: number;
  readonly #client: RemoteClient;
  readonly #model: RemoteTensorModel;

  constructor(client: RemoteClient, model: RemoteTensorModel) {
    this.#client = client;
    this.#model = model;
    this.signature = model.signature;
    this.batches = model.batches;
    this.slots = model.slots;
  }

  async run(inputs: Tensors, options: RunOptions): Promise<RunResult<Tensors>> {
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
    const { signal, requestId, trace } = options;
    const answer = await this.#client.ask({ ...this.#model.question(inputs, options), signal, requestId, trace });
    checkStatus(answer, this.#model);
    const { signature, model } = this.#model;
    return checkedOutputs(this.#model.outputs(answer), { inputs, signature, model });
  }
}
