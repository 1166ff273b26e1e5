import { randomUUID } from "node:crypto";
import type { HttpRequest, HttpResponse } from "#http";
import { BODY_LIMIT } from "./json-body.ts";
import type { ModelParams } from "./access.ts";
import { writtenAnswer } from "./unread-answer.ts";

/** Answers a large body where the model runs; undefined where it is not large, or where code here has to see what it holds. */
export async function predictUnread(request: HttpRequest, params: ModelParams): Promise<HttpResponse | undefined> {
  const { headers } = request;
  if (!isPlainJson(request)) return undefined;
  const { models } = request.services;
  const { name, version, alias = version === undefined ? "default" : undefined } = params;
  const wish = { version, alias, headers };
  const found = await models.signature(name, wish);
  if (!found.reads.includes("items")) return undefined;
  const bytes = await request.body({ limit: BODY_LIMIT });
  const id = randomUUID();
  const asked = { ...wish, version: found.version, signal: () => request.signal, requestId: request.id };
  return writtenAnswer(await models.answerBody(name, { form: "items", bytes, id }, asked));
}

/** JSON by its content type, to be answered in JSON. */
function isPlainJson({ headers }: HttpRequest): boolean {
  const { "content-type": type = "application/json", accept } = headers;
  return /^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(type) && !accept?.includes("text/event-stream");
}
