import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** Whether an answer is wanted piece by piece, and its usage with the last of them. @throws SERVING_BAD_INPUT */
export function readStreaming(body: Readonly<Record<string, unknown>>): { stream: boolean; withUsage: boolean } {
  const { stream, stream_options: options } = body;
  if (typeof stream !== "boolean" && stream !== undefined && stream !== null)
    throw servingErrors.SERVING_BAD_INPUT({ where: "stream", problem: `is ${describe(stream)}, and must be true or false` });
  if (typeof (options ?? {}) !== "object" || Array.isArray(options)) {
    const problem = `is ${describe(options)}, and must be an object, like { "include_usage": true }`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "stream_options", problem });
  }
  const { include_usage: usage } = (options ?? {}) as { include_usage?: unknown };
  if (typeof (usage ?? false) !== "boolean") {
    const problem = `is ${describe(usage)}, and must be true or false`;
    throw servingErrors.SERVING_BAD_INPUT({ where: "stream_options.include_usage", problem });
  }
  return { stream: stream === true, withUsage: usage === true };
}
