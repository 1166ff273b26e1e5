import type { HttpRequest } from "#http";
import type { Addresses } from "./addresses.ts";
import { may } from "./permissions.ts";
import { defaultVersion, visibleModels } from "./learning/models.ts";
import type { ModelAdmin } from "./model-admin.ts";
import type { AdminSite } from "./site.ts";
import { capitalise } from "./words.ts";

export interface NavigationItem {
  label: string;
  url: string;
  note: string;
  current: boolean;
  admin?: ModelAdmin;
}

export interface NavigationGroup {
  label: string;
  url?: string | undefined;
  items: NavigationItem[];
}

/** The menu: the project's data, its machine-learning models, accounts, the system; only what the user may see. */
export async function navigationFor(request: HttpRequest, site: AdminSite, to: Addresses): Promise<NavigationGroup[]> {
  const groups = await modelGroups(request, site, to);
  const models = await visibleModels(request.services, request.user);
  const here = request.path;
  const links = (items: [label: string, url: string, note: string][]): NavigationItem[] =>
    items.map(([label, url, note]) => ({ label, url, note, current: here.startsWith(url) }));

  if (models.length > 0) {
    const items = links(models.map((model) => [model.name, to.model(model.name), versionNote(defaultVersion(model))]));
    groups.push({ label: "Models", url: to.models, items });
    groups.push({ label: "System", items: links([["Runs", to.runs, ""]]) });
  }
  return groups;
}

/** The registered models by app, those of accounts last. */
export async function modelGroups(request: HttpRequest, site: AdminSite, to: Addresses): Promise<NavigationGroup[]> {
  const groups = new Map<string, NavigationGroup>();
  for (const admin of site.admins) {
    if (!(await may(request, admin, "view"))) continue;
    const { meta } = admin.model;
    const app = isAccount(admin) ? "auth" : meta.app;
    let group = groups.get(app);
    if (group === undefined) groups.set(app, (group = { label: site.appLabel(app), url: app === "auth" ? undefined : to.app(app), items: [] }));
    const url = to.list(meta);
    const current = request.path.startsWith(url);
    group.items.push({ label: capitalise(meta.verboseNamePlural), url, note: site.counts.known(admin.model), current, admin });
  }
  return [...groups].sort(([a], [b]) => Number(a === "auth") - Number(b === "auth")).map(([, group]) => group);
}

function versionNote(version: string | undefined): string {
  return version === undefined ? "" : `v${version}`;
}

function isAccount({ model }: ModelAdmin): boolean {
  return model.meta.app === "auth" || model.meta.fields.some((field) => field.name === "isSuperuser");
}
