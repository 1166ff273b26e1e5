import { servingErrors } from "../../errors.ts";
import type { RemoteAnswer } from "./remote-client.ts";

/** How much of another engine's words is passed on. */
const LONGEST = 500;

/**
 * Takes an answer of 200. What the engine says of the data goes on to the caller; of its faults only that there was one.
 * @throws SERVING_MODEL_REFUSED, SERVING_DEADLINE, SERVING_REMOTE_UNREACHABLE, SERVING_REMOTE_FAILED
 */
export function checkStatus(answer: RemoteAnswer, { model, deadline }: { model: string; deadline: number }): Buffer {
  const { status, body } = answer;
  if (status === 200) return body;
  const said = messageOf(body);
  const cause = new Error(`HTTP ${status}: ${said}`);
  if (status === 400 || status === 413 || status === 422) throw servingErrors.SERVING_MODEL_REFUSED({ model, reason: said });
  if (status === 408 || status === 504) throw servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline });
  if (status === 429 || status === 503)
    throw servingErrors.SERVING_REMOTE_UNREACHABLE({ model, problem: `it has no room or is not ready (${status})`, cause });
  const words: Record<number, string> = {
    401: "wants a token",
    403: "does not allow it",
    404: "does not have the model or the version",
  };
  const problem = words[status] ?? (status < 400 ? `sends elsewhere (${status})` : `failed (${status})`);
  throw servingErrors.SERVING_REMOTE_FAILED({ model, problem, cause });
}

/** The message of `{"error": "…"}`, `{"error": {"message"}}` or `{"message": "…"}`, else the text itself. */
function messageOf(body: Buffer): string {
  const text = body.toString("utf8", 0, 16_384);
  try {
    const { error, message, detail } = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown };
    const found = [error, (error as { message?: unknown } | undefined)?.message, message].find(
      (each) => typeof each === "string",
    );
    return shortened((found as string | undefined) ?? (detail === undefined ? text : JSON.stringify(detail)));
  } catch {
    return shortened(text);
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
