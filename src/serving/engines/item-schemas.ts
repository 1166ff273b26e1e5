import { type Awaitable, whenReady } from "#kernel";
import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { parseWith } from "#validation";

/** How an item is called in messages: `input`, or `inputs[3]` where several came. */
export function placeOfItem(index: number, count: number): string {
  return count === 1 ? "input" : `inputs[${index}]`;
}

/** An item as its handler's input schema makes it. @throws SERVING_BAD_INPUT with every problem and its place */
export function parseInput(handler: Handler | undefined, item: unknown, where: string): Awaitable<unknown> {
  const schema = handler?.options.input;
  if (schema === undefined) return item;
  return whenReady(parseWith(schema, item, where), (parsed) => {
    if ("value" in parsed) return parsed.value;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem: `does not fit: ${told(parsed.problems)}` });
  });
}

/** An answer as its handler's output schema makes it. @throws SERVING_BAD_OUTPUT */
export function parseOutput(handler: Handler | undefined, made: unknown, step: string): Awaitable<unknown> {
  const schema = handler?.options.output;
  if (schema === undefined) return made;
  return whenReady(parseWith(schema, made, "output"), (parsed) => {
    if ("value" in parsed) return parsed.value;
    const problem = `gave what its output schema refuses: ${told(parsed.problems)}`;
    throw servingErrors.SERVING_BAD_OUTPUT({ model: handler!.name, step, problem });
  });
}

/** A piece of a stream as its handler's schema of pieces makes it. @throws SERVING_BAD_OUTPUT */
export async function parsePiece(handler: Handler, made: unknown): Promise<unknown> {
  const schema = handler.options.piece;
  if (schema === undefined) return made;
  const parsed = await parseWith(schema, made, "piece");
  if ("value" in parsed) return parsed.value;
  const problem = `gave what its schema of pieces refuses: ${told(parsed.problems)}`;
  throw servingErrors.SERVING_BAD_OUTPUT({ model: handler.name, step: "stream", problem });
}

/** The first problems, in one line. */
function told(problems: readonly string[]): string {
  return problems.slice(0, 10).join("; ").replace(/\.$/, "");
}
