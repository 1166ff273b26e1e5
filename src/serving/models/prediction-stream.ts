import type { Engine, AskOptions } from "../engines/engine.ts";
import { signalOf } from "../queue/queue-watch.ts";
import { noteFailure } from "./failed-by.ts";
import type { ModelVersion } from "./model-version.ts";
import type { PredictionLog } from "./prediction-log.ts";

/** The pieces of one answer, and which version gives them. It can be gone through once. */
export interface PredictionStream extends AsyncIterable<unknown> {
  readonly model: string;
  readonly version: string;
  /** Milliseconds until its first piece was there. */
  readonly first: number;
  /** Milliseconds of these that it waited for its turn. */
  readonly queued: number;
}

interface StreamQuestion {
  model: string;
  version: ModelVersion;
  item: unknown;
  options: AskOptions;
  /** How long it waited for its turn. */
  queued: number;
  log: PredictionLog;
}

/** What nobody can read any more, for who had it has let go of it, begun or not, without a word. */
const unread = new FinalizationRegistry<AsyncGenerator<unknown>>((pieces) => void pieces.return(undefined).catch(() => {}));

/**
 * Asks for an answer piece by piece. Fulfilled when the first piece is there, so that what fails before it fails like any
 * prediction. The version stays loaded until the last piece has been taken, or the reader has stopped; one who is told to
 * give it up before having begun to read does not have to. What is neither read nor given up ends when it is found that
 * nobody has it any more. What traces it ends with it.
 */
export async function openStream(asked: Omit<StreamQuestion, "queued">): Promise<PredictionStream> {
  const question: StreamQuestion = { ...asked, queued: 0 };
  const { model, version, options } = question;
  const started = performance.now();
  const pieces = piecesOf(question);
  const piece = await pieces.next();
  const first = performance.now() - started;
  const signal = signalOf(options);
  const abandon = (): void => void pieces.return(undefined).catch(() => {});
  signal?.addEventListener("abort", abandon, { once: true });
  if (signal?.aborted) abandon();
  const stream = { model, version: version.version, first, queued: question.queued, [Symbol.asyncIterator]: begun };
  unread.register(stream, pieces, pieces);
  return stream;

  function begun(): AsyncGenerator<unknown> {
    unread.unregister(pieces);
    const reading = resumed();
    unread.register(reading, pieces);
    return reading;
  }

  async function* resumed(): AsyncGenerator<unknown> {
    try {
      signal?.removeEventListener("abort", abandon);
      signal?.throwIfAborted();
      if (piece.done) return;
      yield piece.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  }
}

async function* piecesOf(question: StreamQuestion): AsyncGenerator<unknown> {
  const { model, version, options, log } = question;
  const started = performance.now();
  const release = await version.hold(options);
  const kept: unknown[] = [];
  const event = { model, version: version.version, inputs: [question.item], options, streamed: true };
  try {
    for await (const piece of streamOf(release.engine, question)) {
      if (log.observed) kept.push(piece);
      yield piece;
    }
    version.statistics.answered(performance.now() - started);
    const { queued } = question;
    const ran = performance.now() - started - queued;
    log.tell({ ...event, outputs: kept, queued, ran, batch: 1, cached: false }, started);
  } catch (error) {
    version.statistics.failed(error, performance.now() - started);
    noteFailure(error, { model, version: version.version, milliseconds: performance.now() - started });
    log.tell({ ...event, outputs: kept, queued: 0, ran: 0, batch: 0, cached: false, error }, started);
    options.trace?.end({ error });
    throw error;
  } finally {
    release.done();
    options.trace?.end({ attributes: { "cortado.model.version": version.version } });
  }
}

/** An engine that answers whole gives one piece. */
async function* streamOf(engine: Engine, question: StreamQuestion): AsyncGenerator<unknown> {
  const { item, options } = question;
  if (engine.stream) return yield* engine.stream(item, options, (milliseconds) => void (question.queued = milliseconds));
  const answer = (await engine.answer([item], options))[0]!;
  question.queued = answer.queued;
  yield answer.result;
}
