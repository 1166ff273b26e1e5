import type { ProjectSettings } from "#kernel";
import { useStorages } from "./current-storage.ts";
import { openStorage } from "./open-storage.ts";
import type { Storage } from "./storage.ts";

declare module "#kernel" {
  interface ProjectSettings {
    /** Where files are kept: `file:var/storage`, relative to the project, or `s3://bucket/prefix`. Uploads lie in its folder `media`. */
    storage: string;
    /** Further storages by alias, as addresses or objects. `default` takes uploads instead of `storage`, `staticfiles` what `collectstatic` gathers. */
    storages?: Readonly<Record<string, string | Storage>> | undefined;
    /** The address under which uploads are found: `/media/`. Give the project a view for it, where they are public. */
    mediaUrl?: string | undefined;
  }
}

/** Where static files are gathered, where the setting `storages` does not say. */
const staticFolder = "file:var/static?overwrite=true";

/** The storages of a project, as its settings say. */
export function openStorages(settings: ProjectSettings): Readonly<Record<string, Storage>> {
  const { root, mediaUrl, staticUrl } = settings;
  const { staticfiles = staticFolder, ...others } = settings.storages ?? {};
  const opened: Record<string, Storage> = {};
  for (const [alias, given] of Object.entries(others))
    opened[alias] = typeof given === "string" ? openStorage(given, root, { baseUrl: mediaUrl }) : given;
  opened["default"] ??= openStorage(settings.storage, root, { baseUrl: mediaUrl, folder: "media" });
  opened["staticfiles"] =
    typeof staticfiles === "string" ? openStorage(staticfiles, root, { baseUrl: staticUrl ?? "/static/" }) : staticfiles;
  return opened;
}

/** Opens the storages of a project, and makes them those that fields find. */
export function useProjectStorages(settings: ProjectSettings): Readonly<Record<string, Storage>> {
  const opened = openStorages(settings);
  useStorages(opened);
  return opened;
}
