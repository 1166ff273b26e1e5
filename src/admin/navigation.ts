import type { HttpRequest } from "#http";
import { gettext } from "#kernel/i18n";
import { Addresses } from "./addresses.ts";
import { rightsOf } from "./permissions.ts";
import { defaultVersion, visibleModels } from "./learning/models.ts";
import type { ModelAdmin } from "./model-admin.ts";
import { type AdminSite, siteOf } from "./site.ts";
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
    groups.push({ label: gettext("Models"), url: to.models, items });
    groups.push({ label: gettext("System"), items: links([[gettext("Runs"), to.runs, ""]]) });
  }
  return groups;
}

/** The registered models by app, those of accounts last. */
export async function modelGroups(request: HttpRequest, site: AdminSite, to: Addresses): Promise<NavigationGroup[]> {
  const groups = new Map<string, NavigationGroup>();
  for (const admin of site.admins) {
    if (!(await rightsOf(request, admin).may("view"))) continue;
    const { meta } = admin.model;
    const { name, label, isApp } = site.groupOf(admin);
    let group = groups.get(name);
    if (group === undefined) groups.set(name, (group = { label, url: isApp ? to.app(name) : undefined, items: [] }));
    const url = to.list(meta);
    const current = request.path.startsWith(url);
    group.items.push({ label: capitalise(meta.verboseNamePlural), url, note: site.counts.known(admin.model), current, admin });
  }
  return [...groups].sort(([a], [b]) => rank(a) - rank(b)).map(([, group]) => group);
}

/** The project's own apps first, then accounts, then the admin's log. */
function rank(app: string): number {
  return ["auth", "admin"].indexOf(app);
}

function versionNote(version: string | undefined): string {
  return version === undefined ? "" : `v${version}`;
}

/** Where a model's list stands. */
export function listCrumbs(request: HttpRequest, admin: ModelAdmin): { label: string; url?: string | undefined }[] {
  const { name, label, isApp } = siteOf(request).groupOf(admin);
  return [{ label, url: isApp ? new Addresses().app(name) : undefined }];
}

/** Where the pages of a model's rows stand: below its list. */
export function rowCrumbs(request: HttpRequest, admin: ModelAdmin): { label: string; url?: string | undefined }[] {
  const { meta } = admin.model;
  return [...listCrumbs(request, admin), { label: capitalise(meta.verboseNamePlural), url: new Addresses().list(meta) }];
}
