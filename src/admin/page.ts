import type { HttpRequest, HttpResponse } from "#http";
import { gettext, gettextNoop } from "#kernel/i18n";
import { render } from "#views";
import { Addresses } from "./addresses.ts";
import { navigationFor } from "./navigation.ts";
import { siteOf } from "./site.ts";

export interface Crumb {
  label: string;
  url?: string | undefined;
}

/** What a page is given beside what its template asks for. */
export interface Page {
  title: string;
  /** From the start page to here, without either. */
  crumbs?: readonly Crumb[] | undefined;
  status?: number | undefined;
  [name: string]: unknown;
}

export const themeCookie = "cortado_theme";
const themes = [
  { value: "system", label: gettextNoop("Auto") },
  { value: "light", label: gettextNoop("Light") },
  { value: "dark", label: gettextNoop("Dark") },
] as const;

const environments = {
  development: { label: gettextNoop("development"), tone: "warn" },
  test: { label: gettextNoop("test"), tone: "" },
  production: { label: gettextNoop("production"), tone: "bad" },
} as const;

/** Renders a page of the admin inside its frame: menu, crumbs, account, messages. No browser shows it after the log-out. */
export async function renderPage(request: HttpRequest, template: string, page: Page): Promise<HttpResponse> {
  const { status, crumbs = [], ...context } = page;
  const site = await frame(request);
  const trail = crumbTrail(crumbs, page.title, site.url);
  const answer = await render(request, template, { ...context, site, crumbs: trail }, { status: status ?? 200 });
  answer.setHeader("cache-control", "private, no-store");
  return answer;
}

/** The frame's part of the context. */
async function frame(request: HttpRequest) {
  const site = siteOf(request);
  const to = new Addresses();
  const theme = chosenTheme(request);
  const environment = environments[site.settings.mode];
  return {
    title: site.title,
    url: to.index,
    here: request.url,
    homeUrl: site.siteUrl,
    searchUrl: to.search,
    logoutUrl: to.logout,
    passwordUrl: to.password,
    themeUrl: to.theme,
    theme: theme === "system" ? "" : theme,
    themes: themes.map((choice) => ({ ...choice, label: gettext(choice.label), pressed: String(choice.value === theme) })),
    environment: { ...environment, label: gettext(environment.label) },
    navigation: request.user.isStaff ? await navigationFor(request, site, to) : [],
  };
}

export function isTheme(value: string): boolean {
  return themes.some((theme) => theme.value === value);
}

function chosenTheme(request: HttpRequest): string {
  const chosen = request.cookies.get(themeCookie) ?? "system";
  return isTheme(chosen) ? chosen : "system";
}

function crumbTrail(crumbs: readonly Crumb[], title: string, index: string): Crumb[] {
  return [{ label: gettext("Admin"), url: index }, ...crumbs, { label: title }].slice(crumbs.length > 0 ? 1 : 0);
}
