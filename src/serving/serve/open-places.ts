import { ModelServer, type ModelServerOptions } from "../models/model-server.ts";
import { DiskAliasStore } from "../aliases/alias-store.ts";
import { servingErrors } from "../errors.ts";
import { checkRunning } from "../models/check-running.ts";
import { type ServedPlaces, servedPlaces } from "./served-places.ts";

/** How folders of models are opened without a project. */
export type PlacesOptions = Omit<ModelServerOptions, "handlers" | "directories" | "repositories" | "aliases" | "root">;

/**
 * A model server for folders of models, here or elsewhere, with the aliases that lie beside them: what `serveDirectory` puts
 * on the network, to be started and closed by the caller.
 *
 * ```ts
 * const models = openPlaces(["models"]);
 * await models.start();
 * const { outputs } = await models.predict("digits", [{ image }]);
 * await models.close();
 * ```
 * @throws SERVING_NO_DIRECTORY, SERVING_BAD_OPTION, SERVING_BAD_SOURCE, SERVING_SOURCE_NOT_ALLOWED
 */
export function openPlaces(places: readonly string[], options: PlacesOptions = {}): ModelServer {
  return openServedPlaces(servedPlaces(places, options.sources?.cache), options);
}

/** The same for places that are sorted already. */
export function openServedPlaces(
  { directories, repositories, aliases, cache }: ServedPlaces,
  options: PlacesOptions,
): ModelServer {
  demandRunnable(options);
  return new ModelServer({
    ...options,
    directories,
    repositories,
    sources: { ...options.sources, cache },
    aliases: new DiskAliasStore(aliases),
    log: options.log ?? console,
  });
}

/** In code the first mistake is refused that a project's checks would name. @throws SERVING_BAD_OPTION */
function demandRunnable(options: PlacesOptions): void {
  for (const { object, message, hint } of checkRunning(options, "options"))
    throw servingErrors.SERVING_BAD_OPTION({ option: object!, problem: message, hint });
}
