import type { Check, CheckMessage } from "#kernel";
import { httpErrors } from "./errors.ts";

/** What can be said of the http settings before the start. */
export const httpChecks: Check = (project) => {
  const found: CheckMessage[] = [];
  if (project.secretKey === "") {
    const { code, message, hint } = httpErrors.HTTP_CHECK_SECRET_KEY();
    found.push({ level: "error", code, message, hint });
  }
  if (project.mode !== "production") return found;
  const warn = (code: string, message: string, hint: string): void => void found.push({ level: "warning", code, message, hint });
  if (project.debug)
    warn("HTTP_CHECK_DEBUG", "debug is on in production: error pages explain the program to strangers.", "Set debug: false.");
  if ((project.allowedHosts ?? []).length === 0)
    warn("HTTP_CHECK_HOSTS", "No host is allowed.", 'Set allowedHosts: ["example.com"].');
  if (project.allowedHosts?.includes("*"))
    warn("HTTP_CHECK_ANY_HOST", "Every host is allowed.", 'Name them: allowedHosts: ["example.com"].');
  if (project.secretKey.length < 32)
    warn("HTTP_CHECK_WEAK_SECRET", "secretKey is shorter than 32 characters.", "Use a long random one.");
  if (!project.security?.sslRedirect)
    warn("HTTP_CHECK_HTTPS", "http requests are not sent to https.", "Set security: { sslRedirect: true }.");
  if (!project.security?.hstsSeconds)
    warn("HTTP_CHECK_HSTS", "Browsers are not told to stay on https.", "Set security: { hstsSeconds: 3600 }.");
  return found;
};
