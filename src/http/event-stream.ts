import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpRequest } from "./request.ts";
import { HttpResponse } from "./response.ts";

/** One event of a stream: what it is called, and what it says. Text goes as it is, anything else as JSON. */
export interface ServerEvent {
  id?: string | number | undefined;
  event?: string | undefined;
  data: unknown;
}

/** Where a client left off, and what ends the stream. */
export interface EventStreamStart {
  lastEventId: string | undefined;
  /** Aborted when the client goes, or the server begins to close. */
  signal: AbortSignal;
}

/** Milliseconds between two comments that keep a silent stream open. */
const keepAliveEvery = 15_000;

/**
 * Server-sent events: an answer that goes on while there is something to tell. It ends when the source does, when the client
 * goes, and when the server begins to close.
 *
 * ```ts
 * return eventStream(request, ({ lastEventId, signal }) => newsAfter(Number(lastEventId ?? 0), signal));
 * ```
 */
export function eventStream(request: HttpRequest, source: (start: EventStreamStart) => AsyncIterable<ServerEvent>): HttpResponse {
  const lastEventId = request.headers["last-event-id"] as string | undefined;
  const signal = AbortSignal.any([request.signal, request.closing]);
  return new HttpResponse(Readable.from(texts(source({ lastEventId, signal }))), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

async function* texts(source: AsyncIterable<ServerEvent>): AsyncGenerator<string> {
  const events = source[Symbol.asyncIterator]();
  try {
    let next = events.next();
    while (true) {
      const found = await Promise.race([next, sleep(keepAliveEvery, undefined, { ref: false })]);
      if (found === undefined) {
        yield ": still here\n\n";
        continue;
      }
      if (found.done) return;
      yield textOf(found.value);
      next = events.next();
    }
  } finally {
    await events.return?.();
  }
}

function textOf({ id, event, data }: ServerEvent): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}${lines.join("")}\n`;
}
