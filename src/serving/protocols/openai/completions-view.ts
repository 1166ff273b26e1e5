import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, json } from "#http";
import type { ProtocolOptions } from "../access.ts";
import { readObject } from "../json-body.ts";
import { streamHeaders } from "../prediction-headers.ts";
import { answerCount, repeated } from "./answer-count.ts";
import { completionLogprobs } from "./chances.ts";
import { type FinishReason, finishReasonOf } from "./chat-piece.ts";
import { choiceStream } from "./choice-stream.ts";
import { type ChoiceEvent, Choices } from "./choices.ts";
import { completionItems } from "./completion-item.ts";
import { readStreaming } from "./read-streaming.ts";
import { taskModel } from "./task-model.ts";

/** `POST completions`: how texts go on, each in one way or several; whole or piece by piece. */
export async function completionsView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const body = await readObject(request, undefined);
  const model = await taskModel(request, { asked: body["model"], task: "completion" }, options);
  const each = answerCount(body);
  const items = repeated(completionItems(body), each);
  const { stream, withUsage } = readStreaming(body);
  const choices = await Choices.open(request, model, { items, each });
  const created = Math.floor(Date.now() / 1000);
  const head = { id: `cmpl-${randomUUID()}`, object: "text_completion", created, model: model.asked };
  if (stream) {
    const choice = ({ index, delta, chances, at, finish }: ChoiceEvent) =>
      choiceOf(index, { text: delta.content ?? "", logprobs: completionLogprobs(chances, at), finish });
    return choiceStream(request, choices, { head, choice, withUsage });
  }
  const answers = (await choices.whole()).map((sofar, index) => {
    const logprobs = completionLogprobs(sofar.logprobs, 0);
    return choiceOf(index, { text: sofar.content ?? "", logprobs, finish: finishReasonOf(sofar) });
  });
  const usage = choices.usage();
  return json({ ...head, choices: answers, ...(usage && { usage }) }, { headers: streamHeaders(choices.first) });
}

interface Told {
  text: string;
  logprobs: object | null;
  finish: FinishReason | null;
}

const choiceOf = (index: number, { text, logprobs, finish }: Told): object => ({ text, index, logprobs, finish_reason: finish });
