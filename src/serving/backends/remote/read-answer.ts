import type { IncomingMessage } from "node:http";
import { servingErrors } from "../../errors.ts";
import type { RemoteAnswer } from "./remote-client.ts";

/** The most bytes of an answer. */
export const LARGEST_ANSWER = 256 * 2 ** 20;

/** Reads an answer to its end. @throws SERVING_REMOTE_FAILED where it is too large or breaks off */
export async function readAnswer(response: IncomingMessage, model: string): Promise<RemoteAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  const failed = (problem: string, cause?: unknown) => servingErrors.SERVING_REMOTE_FAILED({ model, problem, cause });
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.byteLength;
      if (size > LARGEST_ANSWER) break;
      parts.push(part);
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("SERVING_")) throw error;
    throw failed("broke off its answer", error);
  }
  if (size > LARGEST_ANSWER) throw failed(`answered more than ${LARGEST_ANSWER} bytes`);
  return { status: response.statusCode!, headers: response.headers, body: parts.length === 1 ? parts[0]! : Buffer.concat(parts) };
}
