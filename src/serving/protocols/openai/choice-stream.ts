import type { HttpRequest, HttpResponse, ServerEvent } from "#http";
import { errorToTell } from "../error-to-tell.ts";
import { eventsAnswer } from "../events-answer.ts";
import type { ChatDelta } from "./chat-piece.ts";
import type { ChoiceEvent, Choices } from "./choices.ts";
import { errorBody } from "./openai-view.ts";

/** How answers are written piece by piece. */
export interface ChoiceForm {
  /** What all parts have. */
  head: object;
  /** What every answer begins with. */
  begin?: ChatDelta;
  choice(event: ChoiceEvent): object;
  /** Whether the tokens are told at last. */
  withUsage: boolean;
}

/** Answers piece by piece, as server-sent events. */
export function choiceStream(request: HttpRequest, choices: Choices, form: ChoiceForm): HttpResponse {
  return eventsAnswer(request, choices.first, events(choices, form, request));
}

async function* events(choices: Choices, form: ChoiceForm, request: HttpRequest): AsyncGenerator<ServerEvent> {
  const { head, begin, withUsage } = form;
  const part = (event: ChoiceEvent): ServerEvent => ({
    data: { ...head, choices: [form.choice(event)], ...(withUsage ? { usage: null } : {}) },
  });
  try {
    if (begin)
      for (const index of choices.sofar.keys()) yield part({ index, delta: begin, chances: undefined, at: 0, finish: null });
    for await (const event of choices.events()) yield part(event);
    const usage = choices.usage();
    if (withUsage && usage) yield { data: { ...head, choices: [], usage } };
    yield { data: "[DONE]" };
  } catch (error) {
    // The answer has begun with status 200, so that the stream itself says what went wrong.
    yield { data: errorBody(errorToTell(error, request, choices.first.model)) };
  }
}
