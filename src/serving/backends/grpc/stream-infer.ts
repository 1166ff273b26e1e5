import { once } from "node:events";
import type * as Grpc from "@grpc/grpc-js";
import { HttpError } from "#http";
import { readParameters } from "../../bodies/open-inference/infer-parameters.ts";
import { findModel, type Params } from "../../protocols/open-inference/tensor-model.ts";
import { readerPatience } from "../../protocols/reader-patience.ts";
import { speaksTensors } from "../../protocols/speaks-tensors.ts";
import { tensorBytes } from "../../tensors/bytes.ts";
import { authorize, type Call, type GrpcContext, openCall, serviceError } from "./calls.ts";
import { askOptions, infer, versionOf } from "./infer-calls.ts";
import { finalResponseWanted, ownParameters } from "./infer-messages.ts";
import { itemOfRequest } from "./item-tensors.ts";
import type { InferParameterMap, ModelInferRequest, ModelInferResponse } from "./messages.ts";
import { paramsOf } from "./model-calls.ts";
import { failureOf, grpcStatus } from "./status.ts";

interface StreamResponse {
  error_message?: string;
  infer_response?: Partial<ModelInferResponse>;
}

/** How many requests of one stream are worked on at once, and of how many bytes; more are not read before these are answered. */
const MOST_AT_ONCE = 64;
const MOST_BYTES_AT_ONCE = 64 * 2 ** 20;

/** Predictions on one stream, each answered as soon as it can be and those of tensors in their order. */
export function streamInfer(context: GrpcContext): Grpc.handleBidiStreamingCall<ModelInferRequest, StreamResponse> {
  return (served) => new InferStream(context, served).run();
}

/**
 * How it works: requests are worked on side by side, so that they can run together, and their answers wait for one another.
 * Those of a sequence wait before they run. A model without tensors of its own answers piece by piece, and its pieces wait
 * for nobody: they are known by their id. A request that fails is answered with its error, and the stream goes on.
 */
class InferStream {
  readonly #context: GrpcContext;
  readonly #served: Grpc.ServerDuplexStream<ModelInferRequest, StreamResponse>;
  readonly #call: Call;
  readonly #sequences = new Map<string, Promise<void>>();
  /** Fulfilled when all that came before has been written. */
  #turn: Promise<void> = Promise.resolve();
  /** Present while the client reads slower than is written. */
  #drained: Promise<void> | undefined;
  /** Milliseconds in which the client must read on: what its models have to answer, the most of them. */
  #patience = 0;
  #working = 0;
  #bytes = 0;
  #isOver = false;
  #readAll = false;

  constructor(context: GrpcContext, served: Grpc.ServerDuplexStream<ModelInferRequest, StreamResponse>) {
    this.#context = context;
    this.#served = served;
    this.#call = openCall(context, served).call;
  }

  run(): void {
    const { closing } = this.#context;
    const close = () => this.#stop();
    closing.addEventListener("abort", close, { once: true });
    this.#call.signal().addEventListener("abort", () => {
      this.#isOver = true;
      closing.removeEventListener("abort", close);
    });
    this.#served.on("data", (request: ModelInferRequest) => this.#take(request));
    this.#served.on("end", () => {
      this.#readAll = true;
      this.#endWhenDone();
    });
    // It may have come while the server was closing already.
    if (closing.aborted) this.#stop();
  }

  get #isFull(): boolean {
    return this.#working >= MOST_AT_ONCE || this.#bytes >= MOST_BYTES_AT_ONCE;
  }

  #take(request: ModelInferRequest): void {
    const bytes = bytesOf(request);
    this.#working++;
    this.#bytes += bytes;
    if (this.#isFull) this.#served.pause();
    const answered = this.#answer(request).catch((error: unknown) => this.#fail(request, error));
    void answered.finally(() => {
      this.#working--;
      this.#bytes -= bytes;
      if (this.#served.isPaused() && !this.#isFull && !this.#context.closing.aborted) this.#served.resume();
      this.#endWhenDone();
    });
  }

  async #answer(request: ModelInferRequest): Promise<void> {
    const before = this.#turn;
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    this.#turn = done;
    try {
      const params = paramsOf({ name: request.model_name, version: request.model_version });
      if (!(await this.#takesTensors(params))) {
        finish();
        return await this.#streamItem(request, params);
      }
      const response = await this.#inOrderOfSequence(request, () => infer(request, this.#call));
      await before;
      await this.#write({ infer_response: { ...response, parameters: { triton_final_response: { bool_param: true } } } });
    } catch (error) {
      await before;
      throw error;
    } finally {
      finish();
    }
  }

  /** Whether the version that is asked for has tensors, and its handler does not hide them. */
  async #takesTensors(params: Params): Promise<boolean> {
    const { models } = this.#call;
    const model = findModel(models, params);
    await authorize(this.#call, "predict", model);
    this.#patience = Math.max(this.#patience, readerPatience(models, model.name));
    return speaksTensors(model) && (await models.signature(model.name, versionOf(params, this.#call))).infers;
  }

  /** Steps of one sequence begin when the step before has been answered. */
  async #inOrderOfSequence<T>(request: ModelInferRequest, work: () => Promise<T>): Promise<T> {
    const { sequence } = readParameters(ownParameters(request)).ask;
    if (sequence === undefined) return work();
    const before = this.#sequences.get(sequence.id);
    const working = (before ?? Promise.resolve()).then(work);
    const settled = working.then(
      () => {},
      () => {},
    );
    this.#sequences.set(sequence.id, settled);
    try {
      return await working;
    } finally {
      if (this.#sequences.get(sequence.id) === settled) this.#sequences.delete(sequence.id);
    }
  }

  /** An item in, its answer piece by piece. */
  async #streamItem(request: ModelInferRequest, params: Params): Promise<void> {
    const { models } = this.#call;
    const { item, answers } = itemOfRequest(request, models.describe(params.name));
    const { ask } = readParameters(ownParameters(request));
    const options = { ...versionOf(params, this.#call), ...askOptions(ask, this.#call) };
    const pieces = await models.stream(params.name, item, options);
    const { model, version } = pieces;
    const response = { model_name: model, model_version: version, id: request.id };
    const isFinal = (final: boolean): InferParameterMap => ({ triton_final_response: { bool_param: final } });
    for await (const answer of answers(pieces)) {
      const tensors = Object.entries(answer);
      await this.#write({
        infer_response: {
          ...response,
          parameters: isFinal(false),
          outputs: tensors.map(([name, { datatype, shape }]) => ({ name, datatype, shape })),
          raw_output_contents: tensors.map(([, { data }]) => tensorBytes({ data })),
        },
      });
      if (this.#isOver) return;
    }
    if (request.parameters[finalResponseWanted]?.bool_param)
      await this.#write({ infer_response: { ...response, parameters: isFinal(true) } });
  }

  /** A request's error is its answer. Without a valid token, nothing on this stream would be answered. */
  async #fail({ model_name: model, id }: ModelInferRequest, error: unknown): Promise<void> {
    const { models, log } = this.#context;
    const { code, details } = failureOf(error, { models, log, model });
    if (code === grpcStatus.unauthenticated) return this.#end(error, model);
    await this.#write({ error_message: details, infer_response: { model_name: model, id } });
  }

  async #write(response: StreamResponse): Promise<void> {
    if (this.#isOver || this.#served.write(response)) return;
    this.#drained ??= this.#drain().finally(() => (this.#drained = undefined));
    await this.#drained;
  }

  /** Fulfilled when the client has read on, or has gone, or is given up because it does neither. */
  async #drain(): Promise<void> {
    const patient = AbortSignal.timeout(this.#patience);
    const signal = AbortSignal.any([this.#call.signal(), patient]);
    const hasRead = await once(this.#served, "drain", { signal }).catch(() => undefined);
    if (hasRead === undefined && patient.aborted) this.#end(new HttpError(504, "The client takes no answers."), "");
  }

  /** The server closes: what was read is answered, and no more is read. */
  #stop(): void {
    this.#served.pause();
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#working > 0 || this.#isOver) return;
    if (this.#readAll) {
      this.#isOver = true;
      this.#served.end();
    } else if (this.#context.closing.aborted) this.#end(new HttpError(503, "The server is closing."), "");
  }

  #end(error: unknown, model: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#served.emit("error", serviceError(this.#context, error, model));
  }
}

/** About how much a request holds; its lists of elements are eight bytes each at most. */
function bytesOf({ inputs, raw_input_contents: raw }: ModelInferRequest): number {
  const listed = inputs.flatMap(({ contents }) => Object.values(contents ?? {}) as unknown[][]);
  return raw.reduce((sum, { byteLength }) => sum + byteLength, 0) + listed.reduce((sum, { length }) => sum + 8 * length, 0);
}
