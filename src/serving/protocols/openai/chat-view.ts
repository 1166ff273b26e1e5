import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, json } from "#http";
import type { ProtocolOptions } from "../access.ts";
import { readObject } from "../json-body.ts";
import { streamHeaders } from "../prediction-headers.ts";
import { answerCount, repeated } from "./answer-count.ts";
import { chatLogprobs } from "./chances.ts";
import { chatItem } from "./chat-item.ts";
import { type ChatSoFar, finishReasonOf } from "./chat-piece.ts";
import { choiceStream } from "./choice-stream.ts";
import { Choices } from "./choices.ts";
import { readStreaming } from "./read-streaming.ts";
import { taskModel } from "./task-model.ts";

/** `POST chat/completions`: the next message of a conversation, or several to choose from; whole or piece by piece. */
export async function chatView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const body = await readObject(request, undefined);
  const model = await taskModel(request, { asked: body["model"], task: "chat" }, options);
  const each = answerCount(body);
  const items = repeated([chatItem(body)], each);
  const { stream, withUsage } = readStreaming(body);
  const choices = await Choices.open(request, model, { items, each });
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.asked };
  if (stream)
    return choiceStream(request, choices, {
      head: { object: "chat.completion.chunk", ...head },
      begin: { role: "assistant", content: "" },
      choice: ({ index, delta, chances, finish }) => ({ index, delta, logprobs: chatLogprobs(chances), finish_reason: finish }),
      withUsage,
    });
  const answers = (await choices.whole()).map(wholeChoice);
  const usage = choices.usage();
  const answer = { object: "chat.completion", ...head, choices: answers, ...(usage && { usage }) };
  return json(answer, { headers: streamHeaders(choices.first) });
}

function wholeChoice(sofar: ChatSoFar, index: number): object {
  const { content, toolCalls } = sofar;
  const message = { role: "assistant", content, refusal: null, ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}) };
  return { index, message, logprobs: chatLogprobs(sofar.logprobs), finish_reason: finishReasonOf(sofar) };
}
