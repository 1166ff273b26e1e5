import { randomUUID } from "node:crypto";
import { eventStream, type HttpRequest, type HttpResponse, json, type ServerEvent } from "#http";
import type { PredictionStream } from "../../models/prediction-stream.ts";
import type { ProtocolOptions } from "../access.ts";
import { errorToTell } from "../error-to-tell.ts";
import { streamHeaders } from "../prediction-headers.ts";
import { readObject } from "../json-body.ts";
import { chatItem } from "./chat-item.ts";
import { addPiece, type ChatDelta, finishReasonOf, nothingYet, usageOf } from "./chat-piece.ts";
import { errorBody } from "./openai-view.ts";
import { readStreaming } from "./read-streaming.ts";
import { taskModel } from "./task-model.ts";

/** What all parts of one answer have. */
interface Head {
  id: string;
  created: number;
  model: string;
}

/** `POST chat/completions`: the next message of a conversation, whole or piece by piece. */
export async function chatView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const body = await readObject(request, undefined);
  const { asked, name, options: ask } = await taskModel(request, { asked: body["model"], task: "chat" }, options);
  const item = chatItem(body);
  const { stream, withUsage } = readStreaming(body);
  const pieces = await request.services.models.stream(name, item, ask);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: asked };
  const headers = streamHeaders(pieces);
  if (!stream) return json(await wholeAnswer(pieces, head), { headers });
  const response = eventStream(request, () => events(pieces, { head, request, withUsage }));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return response;
}

async function wholeAnswer(pieces: PredictionStream, head: Head): Promise<object> {
  const sofar = nothingYet();
  for await (const piece of pieces) addPiece(sofar, piece);
  const { content, toolCalls } = sofar;
  const message = { role: "assistant", content, refusal: null, ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}) };
  const usage = usageOf(sofar.usage);
  return {
    object: "chat.completion",
    ...head,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(sofar) }],
    ...(usage && { usage }),
  };
}

async function* events(
  pieces: PredictionStream,
  { head, request, withUsage }: { head: Head; request: HttpRequest; withUsage: boolean },
): AsyncGenerator<ServerEvent> {
  const sofar = nothingYet();
  const chunk = (delta: ChatDelta & { role?: string }, finish: string | null): ServerEvent => ({
    data: {
      object: "chat.completion.chunk",
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage ? { usage: null } : {}),
    },
  });
  try {
    yield chunk({ role: "assistant", content: "" }, null);
    for await (const piece of pieces) {
      const delta = addPiece(sofar, piece);
      if (Object.keys(delta).length > 0) yield chunk(delta, null);
    }
    yield chunk({}, finishReasonOf(sofar));
    const usage = usageOf(sofar.usage);
    if (withUsage && usage) yield { data: { object: "chat.completion.chunk", ...head, choices: [], usage } };
    yield { data: "[DONE]" };
  } catch (error) {
    // The answer has begun with status 200, so that the stream itself says what went wrong.
    yield { data: errorBody(errorToTell(error, request, pieces.model)) };
  }
}
