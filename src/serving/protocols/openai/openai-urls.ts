import { HttpError, type HttpRequest, type HttpResponse, json, path, rePath, type UrlPattern } from "#http";
import type { Task } from "../../engines/task.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import { type ProtocolOptions, publicOnly, tokenAuthorizerOf, visibleModels } from "../access.ts";
import { chatView } from "./chat-view.ts";
import { completionsView } from "./completions-view.ts";
import { embeddingsView } from "./embeddings-view.ts";
import { openaiView } from "./openai-view.ts";
import { rerankView } from "./rerank-view.ts";
import { mayDo } from "./task-model.ts";

/**
 * OpenAI's addresses for handlers that declare a task: the models, embeddings, chats and completions; and
 * the ranking of texts, as Jina's, Cohere's and vLLM's clients ask for it. A token of the project is the client's API key.
 *
 * ```ts
 * path("openai/v1/", include(openaiUrls()));
 * ```
 */
export function openaiUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  return [
    path("models", openaiView({ GET: (request) => listModels(request, options) })),
    path("models/<str:name>", openaiView({ GET: (request, params: { name: string }) => showModel(request, params, options) })),
    path("embeddings", openaiView({ POST: known("embeddings", embeddingsView, options) })),
    path("chat/completions", openaiView({ POST: known("chat", chatView, options) })),
    path("completions", openaiView({ POST: known("completion", completionsView, options) })),
    path("rerank", openaiView({ POST: known("rerank", rerankView, options) })),
    path("<path:rest>", openaiView({ GET: nothingHere, POST: nothingHere })),
  ];
}

/** The view of a task, which reads no body of somebody whom no model of that task would answer. */
function known(
  task: Task,
  view: (request: HttpRequest, options: ProtocolOptions) => Promise<HttpResponse>,
  options: ProtocolOptions,
) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const isOpen = request.services.models.list().some((model) => model.access === "public" && mayDo(model, task));
    if (!isOpen && options.authorizer === undefined && request.headers.authorization === undefined)
      await publicOnly.authorize(request, "predict");
    return view(request, options);
  };
}

async function listModels(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const models = await visibleModels(request, tokenAuthorizerOf(request, options));
  return json({ object: "list", data: models.filter(hasTask).map(modelOf) });
}

async function showModel(request: HttpRequest, { name }: { name: string }, options: ProtocolOptions): Promise<HttpResponse> {
  const models = await visibleModels(request, tokenAuthorizerOf(request, options));
  const model = models.filter(hasTask).find((each) => each.name === name);
  if (model === undefined) throw new HttpError(404, `There is no model "${name}".`, { code: "model_not_found" });
  return json(modelOf(model));
}

const hasTask = ({ tasks = [] }: ModelInfo): boolean => tasks.length > 0;

/** A model as the protocol lists it. */
function modelOf({ name, manifest }: ModelInfo): object {
  const created = Math.floor(Date.parse(manifest?.created ?? "") / 1000) || 0;
  return { id: name, object: "model", created, owned_by: "cortado" };
}

/** OpenAI's addresses without what stands before them, as its clients ask who are given the server's root: refused with where they are. */
export function misplacedUrls(): UrlPattern<{}>[] {
  const misplaced = openaiView({ POST: elsewhere });
  return [rePath(/^v1\/(?:chat\/completions|completions|embeddings|rerank)$/, misplaced)];
}

function elsewhere({ path: asked }: HttpRequest): never {
  const message = `There is nothing at ${asked}. OpenAI's protocol is at /openai/v1 here: ask /openai${asked}, or give your client a base URL that ends in /openai/v1.`;
  throw new HttpError(404, message, { code: "unknown_url" });
}

function nothingHere(request: HttpRequest): never {
  throw new HttpError(404, `There is nothing at ${request.path}.`, { code: "unknown_url" });
}
