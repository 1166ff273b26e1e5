import type { HttpRequest } from "#http";
import { servingErrors } from "../errors.ts";
import type { Authorizer, ModelAction } from "../protocols/access.ts";
import type { MethodViews } from "../protocols/method-views.ts";

/** What only a project can do, at the addresses where a project does it: who may not is told so, who may is told why not. */
export function projectOnlyViews(authorizer: Authorizer): Record<string, MethodViews> {
  const refuse = (what: string, action: ModelAction) => async (request: HttpRequest) => {
    await authorizer.authorize(request, action);
    throw servingErrors.SERVING_NEEDS_PROJECT({ what });
  };
  return {
    "models/<str:name>/train": { POST: refuse("Training", "train") },
    runs: { GET: refuse("Listing runs", "train") },
    "runs/<str:id>": { GET: refuse("Looking at a run", "train") },
    "runs/<str:id>/cancel": { POST: refuse("Cancelling a run", "train") },
    "models/<str:name>/versions": { POST: refuse("Uploading a version", "manage") },
    "models/<str:name>/versions/<str:version>": { DELETE: refuse("Removing a version", "manage") },
    "models/<str:name>/predictions/<str:id>/feedback": { POST: refuse("Feedback", "predict") },
  };
}
