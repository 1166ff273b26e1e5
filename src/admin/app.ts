import { join } from "node:path";
import { type App, defineApp } from "#kernel";
import { gettextLazy } from "#kernel/i18n";
import { checkAdmins } from "./checks.ts";
import { LogEntry } from "./log-entry.ts";
import { AdminSite, type AdminSettings } from "./site.ts";
import { adminUrls } from "./urls.ts";

function adminApp(settings: AdminSettings = {}): App {
  return defineApp({
    name: "admin",
    verboseName: gettextLazy("Admin"),
    directory: import.meta.dirname,
    models: { LogEntry },
    staticFiles: join(import.meta.dirname, "assets"),
    checks: [checkAdmins],
    onOpen: async (services) => {
      services.admin = new AdminSite(services.settings, settings);
    },
  });
}

/**
 * The admin: `admin()` among the project's apps, `admin.urls` among its addresses.
 *
 * ```ts
 * defineProject({ apps: [auth({ user: User }), admin({ title: "Cafe" }), shop], … });
 * export const urls = [path("admin/", admin.urls)];
 * ```
 */
export const admin: { (settings?: AdminSettings): App; readonly urls: typeof adminUrls } = Object.assign(adminApp, {
  urls: adminUrls,
});
