import { include, path, type UrlPattern } from "#http";
import type { ProtocolOptions } from "./access.ts";
import { healthUrls } from "./health-urls.ts";
import { openInferenceUrls, serverView } from "./open-inference/open-inference-urls.ts";

declare module "#kernel" {
  interface ProjectSettings {
    serving?: ServingSettings | undefined;
  }
}

export interface ServingSettings {
  /** What the project speaks besides its own `urls`, at the root. Default: all of them. */
  protocols?: readonly ProtocolName[] | undefined;
  /** How the server calls itself on `/v2`. Default `"cortado"`; some clients of Triton look for `"triton"`. */
  serverName?: string | undefined;
}

const urlsOf = {
  "open-inference": (options: ProtocolOptions) => [
    path("v2", serverView),
    path("v2/", include(openInferenceUrls(options))),
  ],
  health: () => healthUrls(),
} satisfies Record<string, (options: ProtocolOptions) => UrlPattern[]>;

/** A protocol that `serving.protocols` can name. */
export type ProtocolName = keyof typeof urlsOf;

/** The names that `serving.protocols` takes. */
export const protocolNames = Object.keys(urlsOf) as readonly ProtocolName[];

/** The addresses of protocols, for the root of a site. Names that are not known are a check's matter. */
export function protocolUrls(names: readonly ProtocolName[] = protocolNames, options: ProtocolOptions = {}): UrlPattern<{}>[] {
  return names.flatMap((name) => urlsOf[name]?.(options) ?? []);
}
