import type { Handler } from "../handlers/handler.ts";
import type { Signature } from "../tensors/signature.ts";
import { elementCount } from "../tensors/tensor.ts";

/** What a body holds: an inference request, or `{"input": …}` and `{"inputs": […]}`. */
export type BodyForm = "infer" | "items";

/** A body that is read, run and answered where the model runs, so that the web process parses and writes none of it. */
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
}

/** Bytes from which JSON is worth reading elsewhere. */
export const UNREAD_FROM = 1024;
/**
 * Bytes from which a body is read elsewhere whatever it holds, and is run by itself: JSON.parse takes a millisecond for some
 * 200,000. Smaller ones are read elsewhere where they can be run together unread, which takes rows of one shape.
 */
export const LARGE_BODY = 128 * 1024;

/** True where a signature leaves no size but that of its first dimension open: rows of any two requests have one shape. */
export function hasOneRowShape({ inputs }: Signature): boolean {
  return inputs.every(({ shape }) => !shape.includes(-1, 1));
}

/** Bytes of JSON that a number of many digits takes, and that are allowed for a text. */
const [NUMBER, TEXT] = [20, 1024];

/**
 * How many rows a body is likely to hold, for the queue: what is run together has one deadline, and is answered together. They
 * are more where its numbers have few digits. One whose rows may have any size is run by itself, and counts for one.
 */
export function likelyRows({ bytes }: UnreadBody, signature: Signature): number {
  if (!hasOneRowShape(signature)) return 1;
  let row = 0;
  for (const { datatype, shape } of signature.inputs)
    row += (datatype === "BYTES" ? TEXT : NUMBER) * elementCount(shape.slice(1));
  return Math.max(1, Math.floor(bytes.byteLength / Math.max(row, 1)));
}

/** The bodies that nothing has to see but the model itself: no code or schema of the handler, no cache, no sequence, no record. */
export function unseenForms(handler: Handler | undefined): readonly BodyForm[] {
  const { input, output, preprocess, postprocess, train, cache, sequence, record } = handler?.options ?? {};
  if (cache || sequence || record) return [];
  return input || output || preprocess || postprocess || train ? ["infer"] : ["infer", "items"];
}
