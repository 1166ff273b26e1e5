import { randomUUID } from "node:crypto";
import { eventStream, type HttpRequest, type HttpResponse, json, type ServerEvent } from "#http";
import type { PredictionStream } from "../../models/prediction-stream.ts";
import type { ProtocolOptions } from "../access.ts";
import { errorToTell } from "../error-to-tell.ts";
import { readObject } from "../json-body.ts";
import { streamHeaders } from "../prediction-headers.ts";
import { addPiece, finishReasonOf, nothingYet, usageOf } from "./chat-piece.ts";
import { completionItem } from "./completion-item.ts";
import { errorBody } from "./openai-view.ts";
import { readStreaming } from "./read-streaming.ts";
import { taskModel } from "./task-model.ts";

/** What all parts of one answer have. */
interface Head {
  id: string;
  object: "text_completion";
  created: number;
  model: string;
}

/** `POST completions`: how a text goes on, whole or piece by piece. */
export async function completionsView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const body = await readObject(request, undefined);
  const { asked, name, options: ask } = await taskModel(request, { asked: body["model"], task: "completion" }, options);
  const item = completionItem(body);
  const { stream, withUsage } = readStreaming(body);
  const pieces = await request.services.models.stream(name, item, ask);
  const created = Math.floor(Date.now() / 1000);
  const head: Head = { id: `cmpl-${randomUUID()}`, object: "text_completion", created, model: asked };
  const headers = streamHeaders(pieces);
  if (!stream) return json(await wholeAnswer(pieces, head), { headers });
  const response = eventStream(request, () => events(pieces, { head, request, withUsage }));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return response;
}

const choice = (text: string, finish: string | null): object => ({ text, index: 0, logprobs: null, finish_reason: finish });

async function wholeAnswer(pieces: PredictionStream, head: Head): Promise<object> {
  const sofar = nothingYet();
  for await (const piece of pieces) addPiece(sofar, piece);
  const usage = usageOf(sofar.usage);
  return { ...head, choices: [choice(sofar.content ?? "", finishReasonOf(sofar))], ...(usage && { usage }) };
}

async function* events(
  pieces: PredictionStream,
  { head, request, withUsage }: { head: Head; request: HttpRequest; withUsage: boolean },
): AsyncGenerator<ServerEvent> {
  const sofar = nothingYet();
  const part = (text: string, finish: string | null): ServerEvent => ({
    data: { ...head, choices: [choice(text, finish)], ...(withUsage ? { usage: null } : {}) },
  });
  try {
    for await (const piece of pieces) {
      const { content } = addPiece(sofar, piece);
      if (content) yield part(content, null);
    }
    yield part("", finishReasonOf(sofar));
    const usage = usageOf(sofar.usage);
    if (withUsage && usage) yield { data: { ...head, choices: [], usage } };
    yield { data: "[DONE]" };
  } catch (error) {
    // The answer has begun with status 200, so that the stream itself says what went wrong.
    yield { data: errorBody(errorToTell(error, request, pieces.model)) };
  }
}
