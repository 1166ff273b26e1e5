import type { SecuritySettings } from "./settings.ts";

/** The headers that every answer carries; a view's own take precedence. */
export function securityHeaders(settings: SecuritySettings): Record<string, string> {
  const { frameOptions = "DENY", referrerPolicy = "same-origin", openerPolicy = "same-origin" } = settings;
  const headers: Record<string, string> = { "x-content-type-options": "nosniff" };
  if (frameOptions) headers["x-frame-options"] = frameOptions;
  if (referrerPolicy) headers["referrer-policy"] = referrerPolicy;
  if (openerPolicy) headers["cross-origin-opener-policy"] = openerPolicy;
  return headers;
}

/** `Strict-Transport-Security`, sent over https only; undefined where it is not wanted. */
export function hstsHeader({ hstsSeconds = 0, hstsIncludeSubdomains, hstsPreload }: SecuritySettings): string | undefined {
  if (hstsSeconds === 0) return undefined;
  return `max-age=${hstsSeconds}${hstsIncludeSubdomains ? "; includeSubDomains" : ""}${hstsPreload ? "; preload" : ""}`;
}
