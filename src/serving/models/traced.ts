import type { PredictOptions } from "../handlers/handler.ts";
import type { Tracer, TraceSpan } from "../engines/trace-span.ts";
import type { Prediction } from "./prediction.ts";
import type { PredictionStream } from "./prediction-stream.ts";

interface Asked {
  name: string;
  options: PredictOptions | undefined;
}

/** Answers a request within a span of its own, which its options carry on. */
export async function traced<T>(
  tracer: Tracer,
  asked: Asked,
  answer: (options: PredictOptions) => Promise<Prediction<T>>,
): Promise<Prediction<T>> {
  const trace = spanOf(tracer, asked);
  try {
    const prediction = await trace.within(() => answer({ ...asked.options, trace }));
    const { version, batch, cached } = prediction;
    trace.end({
      attributes: { "cortado.model.version": version, "cortado.batch.rows": batch, "cortado.cached": cached },
    });
    return prediction;
  } catch (error) {
    trace.end({ error });
    throw error;
  }
}

/** The same for an answer in pieces: the stream ends the span, when its last piece has been taken or it is given up. */
export async function tracedStream(
  tracer: Tracer,
  asked: Asked,
  answer: (options: PredictOptions) => Promise<PredictionStream>,
): Promise<PredictionStream> {
  const trace = spanOf(tracer, asked);
  try {
    return await trace.within(() => answer({ ...asked.options, trace }));
  } catch (error) {
    trace.end({ error });
    throw error;
  }
}

/** The steps of a pipeline are told below its run, everything else below what its headers or its process know. */
function spanOf(tracer: Tracer, { name, options = {} }: Asked): TraceSpan {
  const { trace, headers, requestId } = options;
  const title = `predict ${name}`;
  const attributes = { "cortado.model": name, ...(requestId !== undefined && { "cortado.request.id": requestId }) };
  return trace ? trace.child(title, { attributes }) : tracer.begin(title, { attributes, headers });
}
