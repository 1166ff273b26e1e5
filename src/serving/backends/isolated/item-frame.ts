import { CortadoError } from "#kernel";
import { copyAsBytes, valueOfCopy } from "../../tensors/copied-value.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";

/** Items and answers cross to their host as the bytes of a tensor, so that all values that can be copied go through. */
const NAME = "items";

/** Anything that can be copied, as a frame carries it. */
export function packValue(value: unknown): Tensors {
  const bytes = copyAsBytes(value);
  return { [NAME]: new Tensor("UINT8", [bytes.byteLength], new Uint8Array(bytes)) };
}

export function unpackValue(tensors: Tensors): unknown {
  return valueOfCopy(tensors[NAME]!.data as Uint8Array);
}

/** What a host is asked; the request's name where all the items are of one. */
export interface IsolatedQuestion {
  items: unknown[];
  requestId: string | undefined;
}

/** What a host answers: results in the order of the items, or what went wrong. */
export type IsolatedAnswer = { results: unknown[] } | { problem: IsolatedProblem };

/** An error that crosses to another process. Without a code it is one of the handler's own code. */
export interface IsolatedProblem {
  code?: string | undefined;
  message: string;
  hint?: string | undefined;
}

export function asProblem(error: unknown): IsolatedProblem {
  if (error instanceof CortadoError) return { code: error.code, message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error) };
}
