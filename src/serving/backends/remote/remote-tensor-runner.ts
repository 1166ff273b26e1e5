import { performance } from "node:perf_hooks";
import type { RunOptions, RunResult, TensorRunner } from "../../engines/runtime.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensors } from "../../tensors/tensor.ts";
import { checkStatus } from "./check-status.ts";
import { checkedOutputs } from "./checked-outputs.ts";
import type { RemoteAnswer, RemoteClient, RemoteQuestion } from "./remote-client.ts";
import type { RemoteContext } from "./remote-runtime.ts";
import { runInParts } from "./run-in-parts.ts";

/** The connection to an engine elsewhere. */
interface RemoteEngine {
  /** Why it does not answer at present. */
  readonly problem: string | undefined;
  close(): void;
}

/** A model of tensors elsewhere. */
interface TensorModel extends RemoteContext {
  signature: Signature;
  /** True where rows may be run together. */
  batches: boolean;
  /** The most rows that the engine takes at once, where it says so. */
  mostRows?: number | undefined;
}

/** The same, and how its engine is asked. @throws SERVING_REMOTE_FAILED, and what the engine's connection throws */
export interface RemoteTensorModel extends TensorModel {
  ask(inputs: Tensors, options: RunOptions): Promise<Tensors>;
}

/** The same, where the engine is asked over HTTP. */
export interface HttpTensorModel extends TensorModel {
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
  readonly #engine: RemoteEngine;
  readonly #model: RemoteTensorModel;

  constructor(engine: RemoteEngine, model: RemoteTensorModel) {
    this.#engine = engine;
    this.#model = model;
    this.signature = model.signature;
    this.batches = model.batches;
    this.slots = model.slots;
  }

  static overHttp(client: RemoteClient, model: HttpTensorModel): RemoteTensorRunner {
    const ask = async (inputs: Tensors, options: RunOptions): Promise<Tensors> => {
      const { signal, requestId, trace } = options;
      const answer = await client.ask({ ...model.question(inputs, options), signal, requestId, trace });
      checkStatus(answer, model);
      return model.outputs(answer);
    };
    return new RemoteTensorRunner(client, { ...model, ask });
  }

  async run(inputs: Tensors, options: RunOptions): Promise<RunResult<Tensors>> {
    const started = performance.now();
    const { mostRows, model, signature } = this.#model;
    const result = await runInParts(inputs, mostRows, async (part) =>
      checkedOutputs(await this.#model.ask(part, options), { inputs: part, signature, model }),
    );
    return { result, milliseconds: performance.now() - started };
  }

  problem(): string | undefined {
    return this.#engine.problem;
  }

  close(): void {
    this.#engine.close();
  }
}
