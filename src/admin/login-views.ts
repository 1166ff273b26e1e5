import { loginWithPassword, logout } from "#auth";
import { type HttpRequest, type HttpResponse, isSafeRedirect, redirectTo } from "#http";
import { gettext } from "#kernel/i18n";
import { render } from "#views";
import { Addresses } from "./addresses.ts";
import { isTheme, themeCookie } from "./page.ts";
import { siteOf } from "./site.ts";

const year = 365 * 24 * 3600;

/** The log-in page: fields `username`, `password` and `next`. */
export async function loginPage(request: HttpRequest): Promise<HttpResponse> {
  const to = new Addresses();
  const form = request.method === "POST" ? (await request.form()).data : undefined;
  const next = safeNext(request, form?.get("next") ?? request.query.get("next"), to.index);
  if (form === undefined) {
    if (request.user.isAuthenticated && request.user.isStaff) return redirectTo(next);
    return logInForm(request, { next });
  }
  const [username, password] = [form.get("username") ?? "", form.get("password") ?? ""];
  const admit = (user: { isStaff: boolean }) =>
    user.isStaff ? undefined : gettext("This account is not staff, and the admin is for staff only.");
  const result = await loginWithPassword(request, { username, password, admit });
  if (result.user !== null) return redirectTo(next);
  const { message, retryAfter } = result;
  const answer = await logInForm(request, { next, username, problem: message, status: retryAfter === undefined ? 422 : 429 });
  if (retryAfter !== undefined) answer.headers["retry-after"] = String(retryAfter);
  return answer;
}

interface LogInForm {
  next: string;
  username?: string;
  problem?: string;
  status?: number;
}

function logInForm(request: HttpRequest, { status = 200, ...context }: LogInForm): Promise<HttpResponse> {
  const { title } = siteOf(request);
  const theme = request.cookies.get(themeCookie) ?? "";
  const site = { title, url: new Addresses().index, theme: theme === "light" || theme === "dark" ? theme : "" };
  return render(
    request,
    "admin/login.html",
    { title: gettext("Log in"), username: "", problem: "", ...context, site, user: request.user },
    { status },
  );
}

/** Logs out, by POST only, so that a link cannot. */
export async function logoutView(request: HttpRequest): Promise<HttpResponse> {
  const to = new Addresses();
  if (request.method === "POST") {
    await logout(request);
    request.messages.info(gettext("You are logged out."));
  }
  return redirectTo(request.method === "POST" ? to.login : to.index);
}

/** Keeps the chosen theme in a cookie, so that pages come in it. */
export async function themeView(request: HttpRequest): Promise<HttpResponse> {
  const { data } = await request.form();
  const to = new Addresses();
  const answer = redirectTo(safeNext(request, data.get("next"), to.index));
  const theme = data.get("theme") ?? "";
  if (isTheme(theme)) answer.setCookie(themeCookie, theme, { path: "/", maxAge: year, sameSite: "lax", httpOnly: true });
  return answer;
}

function safeNext(request: HttpRequest, next: string | undefined, fallback: string): string {
  return next !== undefined && isSafeRedirect(next, request.host, { requireHttps: request.isSecure }) ? next : fallback;
}
