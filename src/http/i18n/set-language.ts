import { supportedLanguage } from "#kernel/i18n";
import type { HttpRequest } from "../request.ts";
import { HttpResponse, redirectTo } from "../response.ts";
import { isSafeRedirect } from "../safe-redirect.ts";
import { httpSettings } from "../settings.ts";
import { translateUrl } from "./translate-url.ts";

/**
 * A view that keeps the language which a visitor chose: a POST with `language`, and with `next` where to go on. It answers with
 * a redirect to the same page in that language, or without `next` to where the visitor came from; a program gets 204.
 *
 * ```ts
 * path("language/", setLanguage, { name: "set-language" });
 * ```
 */
export async function setLanguage(request: HttpRequest): Promise<HttpResponse> {
  const data = request.method === "POST" ? (await request.form()).data : undefined;
  const next = safeNext(request, data?.get("next") ?? request.query.get("next"));
  const chosen = data?.get("language");
  const language = typeof chosen === "string" ? supportedLanguage(chosen, { strict: true }) : undefined;
  const isQuiet = next === undefined && !request.accepts("text/html");
  const target = isQuiet ? undefined : (next ?? safeNext(request, request.headers.referer) ?? "/");
  const shown = target === undefined || language === undefined ? target : translateUrl(target, language);
  const response = shown === undefined ? new HttpResponse(null, { status: 204 }) : redirectTo(shown);
  if (language === undefined) return response;
  const { name, ...options } = httpSettings(request.services.settings).languageCookie;
  return response.setCookie(name, language, options);
}

function safeNext(request: HttpRequest, url: unknown): string | undefined {
  const options = { requireHttps: request.isSecure };
  return typeof url === "string" && isSafeRedirect(url, request.host, options) ? url : undefined;
}
