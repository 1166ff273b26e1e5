import type { HttpRequest, HttpResponse } from "#http";
import { notFound } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { Addresses } from "./addresses.ts";
import { entryView } from "./edit/history-view.ts";
import { knownModel } from "./known-model.ts";
import { defaultVersion, stateOf, toneOf, visibleModels } from "./learning/models.ts";
import { LogEntry } from "./log-entry.ts";
import { modelGroups, type NavigationGroup } from "./navigation.ts";
import { renderPage } from "./page.ts";
import { rightsOf } from "./permissions.ts";
import { siteOf } from "./site.ts";
import { capitalise } from "./words.ts";

const mostRecent = 10;

/** The start page: what there is, and what one did last. */
export async function indexPage(request: HttpRequest): Promise<HttpResponse> {
  const [to, site] = [new Addresses(), siteOf(request)];
  const models = await visibleModels(request.services, request.user);
  return renderPage(request, "admin/index.html", {
    title: site.title,
    groups: await withCounts(request, await modelGroups(request, site, to), to),
    handlers: models.map((model) => {
      const state = stateOf(request.services.models, model);
      const shown = { state: gettext(state), tone: toneOf(state), version: defaultVersion(model) };
      return { name: model.name, url: to.model(model.name), ...shown };
    }),
    recent: await recentActions(request, to),
  });
}

/** The start page of one app. */
export async function appPage(request: HttpRequest, name: string): Promise<HttpResponse> {
  const [to, site] = [new Addresses(), siteOf(request)];
  const group = (await modelGroups(request, site, to)).find(({ url }) => url === to.app(name));
  if (group === undefined) notFound(interpolate(gettext('The admin shows no app "%(name)s".'), { name }));
  return renderPage(request, "admin/index.html", {
    title: group.label,
    groups: await withCounts(request, [group], to),
    recent: await recentActions(request, to),
  });
}

function withCounts(request: HttpRequest, groups: readonly NavigationGroup[], to: Addresses) {
  const { counts } = siteOf(request);
  return Promise.all(
    groups.map(async ({ label, items }) => ({
      label,
      unit: gettext("Rows"),
      items: await Promise.all(
        items.map(async ({ label: name, url, admin }) => ({
          label: name,
          url,
          singular: admin!.model.meta.verboseName,
          count: await counts.ask(admin!.model),
          addUrl: (await rightsOf(request, admin!).may("add")) ? to.add(admin!.model.meta) : "",
        })),
      ),
    })),
  );
}

async function recentActions(request: HttpRequest, to: Addresses) {
  const entries = await LogEntry.objects.filter({ userId: request.user.pk }).slice(0, mostRecent);
  return entries.map((entry) => {
    const model = knownModel(entry.modelKey);
    const shown = model !== undefined && siteOf(request).of(model) !== undefined && entry.action !== "delete";
    return {
      ...entryView(entry),
      label: entry.objectText,
      model: capitalise(model?.meta.verboseName ?? entry.modelKey),
      url: shown ? to.row(model.meta, entry.objectId, "change") : "",
    };
  });
}
