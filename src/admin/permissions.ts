import { permissionFor } from "#auth";
import { HttpError, type HttpRequest } from "#http";
import type { AdminAction, ModelAdmin } from "./model-admin.ts";

/** Thrown by a page of the admin that the user may not see; `staffOnly` makes the page that says so. */
export class NotAllowed extends HttpError {
  constructor(reason: string) {
    super(403, reason);
  }
}

/** What the user of a request may do to a model's rows. */
export class Rights {
  readonly #request: HttpRequest;
  readonly #admin: ModelAdmin;

  constructor(request: HttpRequest, admin: ModelAdmin) {
    this.#request = request;
    this.#admin = admin;
  }

  /** Whether the user may, in general or to one row. Who may change may also view. */
  async may(action: AdminAction, row?: unknown): Promise<boolean> {
    const { options, model } = this.#admin;
    const rule = options.allow?.[action];
    if (rule !== undefined && !(await rule(this.#request, row))) return false;
    if (await this.#request.user.hasPermission(permissionFor(model, action))) return true;
    return action === "view" && (await this.#request.user.hasPermission(permissionFor(model, "change")));
  }

  /** @throws NotAllowed */
  async demand(action: AdminAction, row?: unknown): Promise<void> {
    if (await this.may(action, row)) return;
    throw new NotAllowed(`You may not ${action} ${this.#admin.model.meta.verboseNamePlural}. Ask whoever gives out permissions.`);
  }
}

export function rightsOf(request: HttpRequest, admin: ModelAdmin): Rights {
  return new Rights(request, admin);
}
