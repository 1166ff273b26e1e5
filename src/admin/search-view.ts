import { type HttpRequest, type HttpResponse, json } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { Addresses } from "./addresses.ts";
import { searchCondition, visibleRows } from "./lists/list-query.ts";
import { searchText } from "./lists/list-state.ts";
import { navigationFor } from "./navigation.ts";
import { renderPage } from "./page.ts";
import { rightsOf } from "./permissions.ts";
import { siteOf } from "./site.ts";
import { capitalise } from "./words.ts";

interface Found {
  label: string;
  items: { label: string; url: string }[];
}

const rowsAModel = 5;
const shortestSearch = 2;

/** Pages and rows that a text may mean: a page for a person, JSON for the palette. Only what the user may see. */
export async function searchPage(request: HttpRequest): Promise<HttpResponse> {
  const query = searchText(request.query);
  const results = [
    ...(await findPages(request, query)),
    ...(query.length < shortestSearch ? [] : await findRows(request, query)),
  ];
  if (request.prefersJson) return json({ results });
  return renderPage(request, "admin/search.html", { title: gettext("Search"), query, results });
}

async function findPages(request: HttpRequest, query: string): Promise<Found[]> {
  const to = new Addresses();
  const wanted = query.toLowerCase();
  const groups = await navigationFor(request, siteOf(request), to);
  const pages = groups.flatMap((group) => group.items.map(({ label, url }) => ({ label: `${group.label} › ${label}`, url })));
  for (const admin of siteOf(request).admins) {
    if (await rightsOf(request, admin).may("add"))
      pages.push({
        label: interpolate(gettext("Add %(singular)s"), { singular: admin.model.meta.verboseName }),
        url: to.add(admin.model.meta),
      });
  }
  pages.push({ label: gettext("Change password"), url: to.password });
  const items = pages.filter(({ label }) => label.toLowerCase().includes(wanted));
  return items.length === 0 ? [] : [{ label: gettext("Pages"), items: items.slice(0, 12) }];
}

async function findRows(request: HttpRequest, query: string): Promise<Found[]> {
  const to = new Addresses();
  const found: Found[] = [];
  for (const admin of siteOf(request).admins) {
    if (!admin.options.searchFields?.length || !(await rightsOf(request, admin).may("view"))) continue;
    const rows: any[] = await visibleRows(request, admin).filter(searchCondition(admin, query)).slice(0, rowsAModel);
    const { meta } = admin.model;
    if (rows.length > 0)
      found.push({
        label: capitalise(meta.verboseNamePlural),
        items: rows.map((row) => ({ label: String(row), url: to.row(meta, row.pk, "change") })),
      });
  }
  return found;
}
