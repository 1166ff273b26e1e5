import { permissionFor, type RequestUser } from "#auth";
import { HttpError, type HttpRequest } from "#http";
import type { AdminAction, ModelAdmin } from "./model-admin.ts";

/** Thrown by a page of the admin that the user may not see; `staffOnly` makes the page that says so. */
export class NotAllowed extends HttpError {
  constructor(reason: string) {
    super(403, reason);
  }
}

/** Whether the user may do something to a model, or to one row of it. Who may change may also view. */
export async function may(request: HttpRequest, admin: ModelAdmin, action: AdminAction, row?: unknown): Promise<boolean> {
  const rule = admin.options.allow?.[action];
  if (rule !== undefined && !(await rule(request, row))) return false;
  if (await holds(request.user, admin, action)) return true;
  return action === "view" && may(request, admin, "change", row);
}

function holds(user: RequestUser, admin: ModelAdmin, action: AdminAction): Promise<boolean> {
  return user.hasPermission(permissionFor(admin.model, action));
}

/** @throws NotAllowed */
export async function demand(request: HttpRequest, admin: ModelAdmin, action: AdminAction, row?: unknown): Promise<void> {
  if (await may(request, admin, action, row)) return;
  throw new NotAllowed(`You may not ${action} ${admin.model.meta.verboseNamePlural}. Ask whoever gives out permissions.`);
}
