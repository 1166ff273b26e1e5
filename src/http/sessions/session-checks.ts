import { cacheErrors } from "#cache";
import type { CortadoError, ProjectSettings } from "#kernel";
import { httpErrors } from "../errors.ts";

/** Whether the sessions of a project are in a cache, alone or before the database. */
function isInCache({ session }: ProjectSettings): boolean {
  return session?.store === "cache" || session?.store === "cached-database";
}

/** The cache that sessions are to be kept in, where there is none. */
export function* findUnknownSessionCache(settings: ProjectSettings): Generator<CortadoError> {
  const { session, caches = {} } = settings;
  const alias = session?.cache ?? "default";
  if (isInCache(settings) && alias !== "default" && !Object.hasOwn(caches, alias))
    yield cacheErrors.CACHE_UNKNOWN_ALIAS({ alias, known: Object.keys({ default: "", ...caches }) });
}

/** Sessions in a cache that only one process sees, or that keeps nothing. */
export function* findLonelySessionCache(settings: ProjectSettings): Generator<CortadoError> {
  if (!isInCache(settings)) return;
  const alias = settings.session?.cache ?? "default";
  const setting = settings.caches?.[alias] ?? "memory:";
  const backend = typeof setting === "object" && "backend" in setting ? setting.backend : setting;
  if (backend === "memory:" || backend === "dummy:") yield httpErrors.HTTP_CHECK_SESSION_CACHE({ alias, backend });
}
