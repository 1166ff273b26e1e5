import { authenticateToken, handlerPermission, type TokenIdentity } from "#auth";
import { HttpError, HttpRequest } from "#http";
import type { Authorizer, Caller, ModelAction, ModelGlance } from "#serving";
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
  async authorize(caller, action, model) {
    if (model?.access === "public" && (action === "list" || action === "predict")) return;
    const identity = await tokenOf(caller);
    if (identity) allowScope(identity, action);
    else await allowUser(caller, action, model);
  },
};

const tokens = new WeakMap<Caller, Promise<TokenIdentity | undefined>>();

/** A caller's token is looked up once. */
function tokenOf(caller: Caller): Promise<TokenIdentity | undefined> {
  let found = tokens.get(caller);
  if (!found) tokens.set(caller, (found = authenticateToken(caller)));
  return found;
}

function allowScope({ scopes }: TokenIdentity, action: ModelAction): void {
  if (action === "list" ? scopes.size > 0 : scopes.has(action)) return;
  throw HttpError.from(403, apiErrors.API_MISSING_SCOPE({ scope: action, scopes: [...scopes] }));
}

async function allowUser(caller: Caller, action: ModelAction, model: ModelGlance | undefined): Promise<void> {
  const user = caller instanceof HttpRequest ? caller.user : undefined;
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
