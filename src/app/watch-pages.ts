import type { ProjectSettings, Services } from "#kernel";
import type { WatchFiles } from "#views";
import { keepTemplateTypes } from "./keep-template-types.ts";
import { ignoredFiles, restartsServer } from "./supervise-server.ts";
import { watchTree } from "./watch-tree.ts";

/**
 * Tells of the files of a project that pages are made of, in development, and keeps the templates' types as they change.
 * Files that the server is restarted for are left to that.
 */
export function watchPages(settings: ProjectSettings, services: Services): WatchFiles {
  return (onChange) => {
    const watcher = watchTree(settings.root, {
      isIgnored: (file) => ignoredFiles.test(file),
      onChange(file) {
        if (!/\.\w+$/.test(file) || restartsServer(file)) return;
        onChange(file);
        if (/(^|[/\\])templates[/\\]/.test(file)) void keepTemplateTypes({ settings, services }).catch(() => undefined);
      },
    });
    return () => watcher.close();
  };
}
