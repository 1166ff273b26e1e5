import type { Engine } from "../engines/engine.ts";
import type { Tracer } from "../engines/trace-span.ts";
import type { UnreadBody, WrittenBody } from "../engines/unread-body.ts";
import { servingErrors } from "../errors.ts";
import type { PredictOptions } from "../handlers/handler.ts";
import type { Answer } from "../queue/work-queue.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { noteFailure } from "./failed-by.ts";
import type { ModelVersion } from "./model-version.ts";
import { type Prediction, predictionOf } from "./prediction.ts";
import type { PredictionEvent } from "./prediction-event.ts";
import { PredictionLog } from "./prediction-log.ts";
import { openStream, type PredictionStream } from "./prediction-stream.ts";
import type { ServedModel } from "./served-model.ts";
import { traced, tracedStream } from "./traced.ts";
import { VersionRetired } from "./version-retired.ts";

type Work<T> = (engine: Engine, ask: PredictOptions) => Promise<Answer<T>[]>;

interface Question {
  name: string;
  inputs: PredictionEvent["inputs"];
  /** True where neither the inputs nor the outputs are seen here. */
  unread?: boolean;
  options: PredictOptions | undefined;
}

/** What is known of a prediction while it is being answered. */
type Asked = Pick<PredictionEvent, "model" | "version" | "inputs" | "options" | "streamed" | "unread">;

/**
 * How it works: a prediction finds the version that answers it, keeps that loaded while its engine answers, and is told of
 * in the version's statistics, to the observers and to the alias's shadow. Where the version has gone meanwhile, the next one
 * answers.
 */
export class Predictor {
  /** Who is told of every request. */
  readonly log = new PredictionLog();
  /** Undefined where nobody traces: then requests carry nothing for it. */
  tracer: Tracer | undefined;
  readonly #require: (name: string) => ServedModel;

  /** @param require gives a model by its name. */
  constructor(require: (name: string) => ServedModel) {
    this.#require = require;
  }

  predict(name: string, items: readonly unknown[], options?: PredictOptions): Promise<Prediction<unknown>> {
    return this.#ask({ name, inputs: items, options }, (engine, ask) => engine.answer(items, ask));
  }

  infer(name: string, inputs: Tensors, options?: PredictOptions): Promise<Prediction<Tensors>> {
    return this.#ask({ name, inputs, options }, async (engine, ask) => {
      if (engine.infer === undefined)
        throw servingErrors.SERVING_BAD_INPUT({ where: `The model "${name}"`, problem: "takes items, not tensors" });
      return [await engine.infer(inputs, ask)];
    });
  }

  answerBody(name: string, body: UnreadBody, options?: PredictOptions): Promise<Prediction<WrittenBody>> {
    return this.#ask({ name, inputs: [], options, unread: true }, async (engine, ask) => [await engine.answerBody!(body, ask)]);
  }

  stream(name: string, item: unknown, options: PredictOptions = {}): Promise<PredictionStream> {
    if (this.tracer === undefined) return this.#stream(name, item, options);
    return tracedStream(this.tracer, { name, options }, (asked) => this.#stream(name, item, asked));
  }

  #ask<T>(question: Question, work: Work<T>): Promise<Prediction<T>> {
    if (this.tracer === undefined) return this.#answer(question, work);
    const { name, options } = question;
    return traced(this.tracer, { name, options }, (asked) => this.#answer({ ...question, options: asked }, work));
  }

  async #answer<T>(question: Question, work: Work<T>): Promise<Prediction<T>> {
    const { name, inputs } = question;
    const started = performance.now();
    const options = counted(question.options, started);
    const model = this.#require(name);
    const version = model.find(options) ?? (await model.resolve(options));
    const asked = { model: name, version: version.version, inputs, options, streamed: false, unread: question.unread };
    try {
      const prediction = predictionOf(await version.use(work, options, options), asked);
      version.statistics.answered(performance.now() - started);
      version.statistics.add("queue", prediction.queued);
      if (!prediction.cached) version.statistics.add("computeInfer", prediction.ran);
      if (this.log.observed) this.log.tell({ ...asked, ...prediction, ...(asked.unread && { outputs: [] }) }, started);
      if (model.hasShadow) model.shadow({ inputs, outputs: prediction.outputs, options });
      return prediction;
    } catch (error) {
      if (error instanceof VersionRetired) return this.#answer({ ...question, options }, work);
      this.#tellFailed(version, asked, { error, started });
      throw error;
    }
  }

  #tellFailed({ statistics }: ModelVersion, asked: Asked, { error, started }: { error: unknown; started: number }): void {
    const milliseconds = performance.now() - started;
    statistics.failed(error, milliseconds);
    noteFailure(error, { model: asked.model, version: asked.version, milliseconds });
    this.log.tell({ ...asked, outputs: [], queued: 0, ran: 0, batch: 0, cached: false, error }, started);
  }

  async #stream(name: string, item: unknown, given: PredictOptions): Promise<PredictionStream> {
    const options = counted(given, performance.now());
    const version = await this.#require(name).resolve(options);
    try {
      return await openStream({ model: name, version, item, options, log: this.log });
    } catch (error) {
      if (error instanceof VersionRetired) return this.#stream(name, item, options);
      throw error;
    }
  }
}

/** A request whose own deadline, where it has one, counts from when it came: over the load of its model, too. */
function counted(options: PredictOptions = {}, now: number): PredictOptions {
  return options.deadline === undefined || options.since !== undefined ? options : { ...options, since: now };
}
