import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, requireUtf8 } from "#http";
import { askOf } from "./ask-of.ts";
import { BODY_LIMIT } from "./body-limit.ts";
import { isJson, isPacked } from "./json-body.ts";
import type { ModelParams } from "./access.ts";
import { saidLength, writtenAnswer } from "./unread-answer.ts";

/** Answers a body where the model runs; undefined where it is too short for that, or where code here has to see what it holds. */
export async function predictUnread(request: HttpRequest, params: ModelParams): Promise<HttpResponse | undefined> {
  if (isPacked(request) || !isPlainJson(request)) return undefined;
  const { models } = request.services;
  const ask = askOf(request, params);
  const { version, reads, readsFrom } = await models.signature(params.name, ask);
  if (!reads.includes("items") || saidLength(request) < readsFrom) return undefined;
  requireUtf8(request.headers["content-type"]);
  const bytes = await request.body({ limit: BODY_LIMIT });
  const id = randomUUID();
  return writtenAnswer(await models.answerBody(params.name, { form: "items", bytes, id }, { ...ask, version }));
}

/** JSON by its content type, to be answered in JSON. */
function isPlainJson(request: HttpRequest): boolean {
  return isJson(request) && !request.headers.accept?.includes("text/event-stream");
}
