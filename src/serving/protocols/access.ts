import type { HttpRequest } from "#http";
import type { ModelInfo } from "../models/model-info.ts";

/** What a request wants to do with a model. */
export type ModelAction = "list" | "predict" | "manage" | "train";

/** Decides who may do what. The auth layer gives one that knows users, permissions and tokens. */
export interface Authorizer {
  /** Returns when the request may do it. @throws an HttpError of 401 or 403. `model` is absent for what concerns no one model. */
  authorize(request: HttpRequest, action: ModelAction, model?: ModelInfo): void | Promise<void>;
}
