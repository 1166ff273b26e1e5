import type { Handler } from "../handlers/handler.ts";

/** What a body holds: an inference request, or `{"input": …}` and `{"inputs": […]}`. */
export type BodyForm = "infer" | "items";

/** A large body that is read, run and answered where the model runs, so that the web process parses and writes none of it. */
export interface UnreadBody {
  form: BodyForm;
  bytes: Buffer;
  /** How many of the bytes are JSON, where tensors follow as bytes. */
  headLength?: number | undefined;
  /** What the prediction is called, where its answer says it. */
  id?: string | undefined;
}

/** The answer to one, as the client gets it. */
export interface WrittenBody {
  bytes: Buffer;
  /** How many of the bytes are JSON, where tensors follow as bytes. */
  headLength?: number | undefined;
  /** How many rows were run. */
  rows: number;
}

/** The bodies that nothing has to see but the model itself: no code or schema of the handler, no cache, no sequence, no record. */
export function unseenForms(handler: Handler | undefined): readonly BodyForm[] {
  const { input, output, preprocess, postprocess, train, cache, sequence, record } = handler?.options ?? {};
  if (cache || sequence || record) return [];
  return input || output || preprocess || postprocess || train ? ["infer"] : ["infer", "items"];
}
