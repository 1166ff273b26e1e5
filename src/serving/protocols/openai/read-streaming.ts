import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** Whether an answer is wanted piece by piece, and its usage with the last of them. @throws SERVING_BAD_INPUT */
export function readStreaming(body: Readonly<Record<string, unknown>>): { stream: boolean; withUsage: boolean } {
  const { stream, stream_options: options } = body;
  if (typeof stream !== "boolean" && stream !== undefined && stream !== null)
    throw servingErrors.SERVING_BAD_INPUT({ where: "stream", problem: `is ${describe(stream)}, and must be true or false` });
  const { include_usage: usage } = (options ?? {}) as { include_usage?: unknown };
  if (typeof (options ?? {}) !== "object" || !["boolean", "undefined"].includes(typeof (usage ?? undefined)))
    throw servingErrors.SERVING_BAD_INPUT({
      where: "stream_options",
      problem: 'must be an object, like { "include_usage": true }',
    });
  return { stream: stream === true, withUsage: usage === true };
}
