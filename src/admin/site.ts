import { basename } from "node:path";
import { Group, isUserModel, userModel } from "#auth";
import type { HttpRequest } from "#http";
import type { App, ProjectSettings } from "#kernel";
import { isModelClass, type ModelClass } from "#orm";
import { groupAdmin, userAdmin } from "./accounts.ts";
import { adminErrors } from "./errors.ts";
import { logAdmin } from "./log-admin.ts";
import { ModelCounts } from "./model-counts.ts";
import type { ModelAdmin } from "./model-admin.ts";
import { capitalise } from "./words.ts";

declare module "#kernel" {
  interface AppParts {
    /** The app's models in the admin: `admin: [coffeeAdmin]`. */
    admin?: readonly ModelAdmin[] | undefined;
  }
  interface Services {
    admin?: AdminSite | undefined;
  }
}

export interface AdminSettings {
  /** The name at the head of every page. Default: the project's folder. */
  title?: string | undefined;
  /** Where "View site" leads; none when null. */
  siteUrl?: string | null | undefined;
}

/**
 * How it works. When the project opens, the app makes one `AdminSite` from what the apps list under `admin`, and puts it
 * into the services. `urls.ts` holds the addresses; each page is a function of the request and the model's admin. A page
 * asks `rightsOf` what the user may do, reads what it shows, and gives plain objects to a template through `renderPage`,
 * which adds the frame: menu, crumbs, account. Lists keep their whole state in the address; forms are model forms; what
 * is saved or deleted goes into the log in the same transaction. `learning/` holds the pages of machine-learning models.
 */

/** What the admin knows of a project: which models it shows, in which order. */
export class AdminSite {
  readonly title: string;
  readonly siteUrl: string | null;
  readonly settings: ProjectSettings;
  readonly counts = new ModelCounts();
  readonly #admins = new Map<string, ModelAdmin>();

  constructor(settings: ProjectSettings, { title, siteUrl = "/" }: AdminSettings = {}) {
    this.settings = settings;
    this.title = title ?? capitalise(basename(settings.root).replaceAll(/[-_]/g, " "));
    this.siteUrl = siteUrl;
    for (const admin of [...settings.apps.flatMap((app) => app.admin ?? []), ...builtInAdmins(settings.apps)]) this.#add(admin);
  }

  get admins(): ModelAdmin[] {
    return [...this.#admins.values()];
  }

  /** By the parts of the address: `shop`, `coffee`. */
  find(app: string, slug: string): ModelAdmin | undefined {
    return this.#admins.get(`${app}/${slug}`);
  }

  of(model: ModelClass): ModelAdmin | undefined {
    return this.find(model.meta.app, model.meta.slug);
  }

  /** An app's name for a person. */
  appLabel(name: string): string {
    return String(this.settings.apps.find((app) => app.name === name)?.verboseName ?? capitalise(name));
  }

  /** The group of the menu that a model stands in: its app, or the accounts, whichever app owns the user table. */
  groupOf({ model }: ModelAdmin): { name: string; label: string; isApp: boolean } {
    const isAccount = model.meta.app === "auth" || isUserModel(model);
    const name = isAccount ? "auth" : model.meta.app;
    return { name, label: this.appLabel(name), isApp: !isAccount };
  }

  /** The first registration of a model counts: an app's own comes before the built-in one. */
  #add(admin: ModelAdmin): void {
    const key = `${admin.model.meta.app}/${admin.model.meta.slug}`;
    if (!this.#admins.has(key)) this.#admins.set(key, admin);
  }
}

/** Users, groups and the log are there from the start. */
function builtInAdmins(apps: readonly App[]): ModelAdmin[] {
  const hasAuth = apps.some((app) => Object.values(app.models ?? {}).some((model) => isModelClass(model) && model === Group));
  return hasAuth ? [userAdmin(userModel()), groupAdmin(), logAdmin()] : [];
}

/** The open project's admin. @throws ADMIN_NOT_OPEN */
export function siteOf(request: HttpRequest): AdminSite {
  const { admin } = request.services;
  if (admin === undefined) throw adminErrors.ADMIN_NOT_OPEN();
  return admin;
}
