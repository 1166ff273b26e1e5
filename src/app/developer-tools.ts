import type { ProjectSettings, Services } from "#kernel";
import type { Middleware, UrlPattern } from "#http";
import { keepSentMail } from "#mail";
import { developerUrls, LiveReload } from "#views";
import { watchPages } from "./watch-pages.ts";

declare module "#kernel" {
  interface ProjectSettings {
    /** False: pages are not loaded again by themselves when the project changes, in development. */
    liveReload?: boolean | undefined;
  }
}

/** What a project has in development alone. */
export interface DeveloperTools {
  urls: readonly UrlPattern[];
  middleware: readonly Middleware[];
  close(): Promise<void>;
}

/** The developer's tools of a project; undefined outside development. */
export function developerTools(settings: ProjectSettings, services: Services): DeveloperTools | undefined {
  if (settings.mode !== "development" || !settings.debug) return undefined;
  const address = () => services.resolver.reverse("developer:reload");
  const reload = new LiveReload({ watch: watchPages(settings, services), address });
  const mail = keepSentMail();
  return {
    urls: developerUrls({ reload, mail }),
    middleware: settings.liveReload === false ? [] : [reload.middleware],
    async close() {
      reload.close();
      mail.stop();
    },
  };
}
