import type { Readable } from "node:stream";
import { eventStream, type HttpRequest, type HttpResponse, type ServerEvent } from "#http";
import type { PredictionStream } from "../models/prediction-stream.ts";
import { streamHeaders } from "./prediction-headers.ts";
import { readerPatience } from "./reader-patience.ts";

/** A prediction's pieces as server-sent events, for as long as its client takes them. */
export function eventsAnswer(request: HttpRequest, pieces: PredictionStream, events: AsyncIterable<ServerEvent>): HttpResponse {
  const patience = readerPatience(request.services.models, pieces.model);
  const giveUp = (): void => void (response.body as Readable).destroy();
  const response = eventStream(request, () => whileTaken(events, patience, giveUp));
  for (const [name, value] of Object.entries(streamHeaders(pieces))) response.setHeader(name, value);
  return response;
}

async function* whileTaken<T>(events: AsyncIterable<T>, patience: number, giveUp: () => void): AsyncGenerator<T> {
  for await (const event of events) {
    const timer = setTimeout(giveUp, patience);
    try {
      yield event;
    } finally {
      clearTimeout(timer);
    }
  }
}
