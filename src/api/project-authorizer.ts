import { authenticateToken, handlerPermission, type TokenIdentity } from "#auth";
import { HttpError, type HttpRequest } from "#http";
import type { Authorizer, ModelAction, ModelInfo } from "#serving";
import { apiErrors } from "./errors.ts";

const doing: Record<ModelAction, string> = {
  list: "see this model",
  predict: "predict with this model",
  train: "train this model",
  manage: "change this model",
};

/**
 * Who may do what with models: everybody what is public; a token what its scopes say; a logged-in user what the
 * permissions `models.predict_<name>`, `models.train_<name>` and `models.manage_<name>` say. Any of them lets one see it.
 */
export const projectAuthorizer: Authorizer = {
  async authorize(request, action, model) {
    if (model?.access === "public" && (action === "list" || action === "predict")) return;
    const identity = await tokenOf(request);
    if (identity) allowScope(identity, action);
    else await allowUser(request, action, model);
  },
};

const tokens = new WeakMap<HttpRequest, Promise<TokenIdentity | undefined>>();

/** A request's token is looked up once. */
function tokenOf(request: HttpRequest): Promise<TokenIdentity | undefined> {
  let found = tokens.get(request);
  if (!found) tokens.set(request, (found = authenticateToken(request)));
  return found;
}

function allowScope({ scopes }: TokenIdentity, action: ModelAction): void {
  if (action === "list" ? scopes.size > 0 : scopes.has(action)) return;
  throw HttpError.from(403, apiErrors.API_MISSING_SCOPE({ scope: action, scopes: [...scopes] }));
}

async function allowUser(request: HttpRequest, action: ModelAction, model: ModelInfo | undefined): Promise<void> {
  const { user } = request;
  if (!user?.isAuthenticated) {
    throw HttpError.from(401, apiErrors.API_UNAUTHENTICATED({ action: doing[action] }), { "www-authenticate": "Bearer" });
  }
  const enough = action === "list" ? (["predict", "train", "manage"] as const) : [action];
  // What concerns no one model is for those who may do it to all.
  const permissions = enough.map((each) => handlerPermission(model?.name ?? "*", each));
  for (const permission of permissions) if (await user.hasPermission(permission)) return;
  throw HttpError.from(403, apiErrors.API_MISSING_PERMISSION({ permission: permissions[0]! }));
}

/** What a request's run or version notes as its author. */
export async function authorOf(request: HttpRequest): Promise<string> {
  const identity = await tokenOf(request);
  if (identity) return String(identity.user);
  return request.user?.isAuthenticated ? String(request.user) : "";
}
