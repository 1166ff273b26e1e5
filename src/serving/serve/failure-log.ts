import type { FastifyServerOptions } from "fastify";

interface LogLine {
  reqId?: string;
  msg?: string;
  code?: string;
  model?: string;
  err?: { stack?: string; message?: string };
}

/** Milliseconds in which refusals of one kind are told once, and then counted. */
const TOGETHER = 1000;

/**
 * Tells the log of requests that failed, each by its name: faults of the server with their stack, what was refused on purpose
 * in a line. A server that refuses thousands in a second says one of them, and how many more there were.
 */
export function failureLog(log: { warn(message: string): void }): NonNullable<FastifyServerOptions["logger"]> {
  const further = new Map<string, number>();
  const refused = (line: string, kind: string): void => {
    const count = further.get(kind);
    if (count !== undefined) return void further.set(kind, count + 1);
    log.warn(line);
    further.set(kind, 0);
    setTimeout(() => {
      const more = further.get(kind)!;
      further.delete(kind);
      if (more > 0) log.warn(`${kind}  ${more} more within a second`);
    }, TOGETHER).unref();
  };
  const write = (text: string): void => {
    const { reqId = "?", msg = "", code, model, err } = JSON.parse(text) as LogLine;
    if (code === undefined) log.warn(`[${reqId}] ${msg} ${err?.stack ?? err?.message ?? ""}`.trimEnd());
    else refused(`[${reqId}] ${code}  ${msg}`, [code, model].filter(Boolean).join(" "));
  };
  return { level: "warn", stream: { write } };
}
