import type { FastifyServerOptions } from "fastify";

interface LogLine {
  reqId?: string;
  msg?: string;
  err?: { stack?: string; message?: string };
}

/** Tells the log of requests that failed by a fault of the server, each by its name. */
export function failureLog(log: { warn(message: string): void }): NonNullable<FastifyServerOptions["logger"]> {
  const write = (line: string): void => {
    const { reqId = "?", msg = "", err } = JSON.parse(line) as LogLine;
    log.warn(`[${reqId}] ${msg} ${err?.stack ?? err?.message ?? ""}`.trimEnd());
  };
  return { level: "error", stream: { write } };
}
