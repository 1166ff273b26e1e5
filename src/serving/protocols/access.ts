import { HttpError, type HttpRequest } from "#http";
import type { ModelGlance, ModelInfo } from "../models/model-info.ts";
import type { ModelServer } from "../models/model-server.ts";

/** What a request wants to do with a model. */
export type ModelAction = "list" | "predict" | "manage" | "train";

/** Who asks: an HTTP request, or a gRPC call, whose metadata are its headers and which has no session. */
export interface Caller {
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly origin?: string | undefined;
    readonly "sec-fetch-site"?: string | string[] | undefined;
    readonly "sec-fetch-mode"?: string | string[] | undefined;
  };
}

/** Decides who may do what. The auth layer gives one that knows users, permissions and tokens. */
export interface Authorizer {
  /** Returns when the caller may do it. `model` is absent for what concerns no one model. @throws an HttpError of 401 or 403 */
  authorize(caller: Caller, action: ModelAction, model?: ModelGlance): void | Promise<void>;
}

declare module "#kernel" {
  interface Services {
    /** The open project's models. */
    models: ModelServer;
    /** Decides about model routes that were not given an authorizer of their own. */
    authorizer?: Authorizer;
  }
  interface AppParts {
    /** Models that the app serves: what `handler()` made; anything else in it is ignored. */
    handlers?: Readonly<Record<string, unknown>> | undefined;
  }
}

/** What is asked where nobody decides: models that are declared public, and nothing more. */
export const publicOnly: Authorizer = {
  authorize(_caller, action, model) {
    if (model?.access === "public" && (action === "list" || action === "predict")) return;
    throw new HttpError(401, "This needs a token.", {
      hint: "Send it as Authorization: Bearer TOKEN.",
      headers: { "www-authenticate": "Bearer" },
    });
  },
};

/** How the routes of a protocol decide. */
export interface ProtocolOptions {
  /** Default: the project's, else only public models are open. */
  authorizer?: Authorizer;
}

/** The authorizer of a route. */
export function authorizerOf(request: HttpRequest, options: ProtocolOptions): Authorizer {
  return options.authorizer ?? request.services.authorizer ?? publicOnly;
}

/** The authorizer of a route that never believes cookies: without a token, only what is public is open. */
export function tokenAuthorizerOf(request: HttpRequest, options: ProtocolOptions): Authorizer {
  if (options.authorizer === undefined && request.headers.authorization === undefined) return publicOnly;
  return authorizerOf(request, options);
}

/** The models that a request may see. */
export function visibleModels(request: HttpRequest, authorizer: Authorizer): Promise<ModelInfo[]> {
  return modelsVisibleTo(request, { models: request.services.models, authorizer });
}

/** The models that a caller may see. */
export async function modelsVisibleTo(
  caller: Caller,
  { models, authorizer }: { models: ModelServer; authorizer: Authorizer },
): Promise<ModelInfo[]> {
  const visible: ModelInfo[] = [];
  for (const model of models.list()) {
    try {
      await authorizer.authorize(caller, "list", model);
      visible.push(model);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status >= 500) throw error;
    }
  }
  return visible;
}

/** The parameters of the model addresses. */
export interface ModelParams {
  name: string;
  version?: string;
  alias?: string;
}

/** The model of an address, when the request may predict with it. */
export function modelToPredict(request: HttpRequest, name: string, options: ProtocolOptions): ModelGlance | Promise<ModelGlance> {
  const model = request.services.models.glance(name);
  const allowed = authorizerOf(request, options).authorize(request, "predict", model);
  return allowed === undefined ? model : allowed.then(() => model);
}

/** The model of an address, when the request may do this with it. */
export async function allowedModel(
  request: HttpRequest,
  name: string,
  options: ProtocolOptions & { action: ModelAction },
): Promise<ModelInfo> {
  const model = request.services.models.describe(name);
  await authorizerOf(request, options).authorize(request, options.action, model);
  return model;
}
