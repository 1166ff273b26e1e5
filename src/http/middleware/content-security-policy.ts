import { policyText } from "../csp.ts";
import type { SecuritySettings } from "../settings.ts";
import { type Middleware, viewMarks } from "../view.ts";

/**
 * Sends the project's Content-Security-Policy, or what the view says in its place. In debug the pages of 404 and 500 go
 * without: they explain themselves with styles of their own.
 */
export function contentSecurityPolicy({ csp = {}, cspReportOnly = {} }: SecuritySettings, debug: boolean): Middleware {
  return async (request, next) => {
    const response = await next();
    // A page that is not made yet has not asked for its nonce.
    if (response.complete !== undefined) await response.complete();
    if (debug && (response.status === 404 || response.status >= 500)) return response;
    const marks = request.resolved === undefined ? {} : viewMarks(request.resolved.view);
    const policies = {
      "content-security-policy": marks.csp ?? csp,
      "content-security-policy-report-only": marks.cspReportOnly ?? cspReportOnly,
    };
    for (const [header, directives] of Object.entries(policies)) {
      const text = policyText(directives, request.usedCspNonce);
      if (text !== "" && response.header(header) === undefined) response.setHeader(header, text);
    }
    return response;
  };
}
