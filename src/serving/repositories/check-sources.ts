import { type CheckMessage, CortadoError } from "#kernel";
import { hubEndpoint } from "./remote/hub-endpoint.ts";
import { parseSource } from "./source-address.ts";
import { SourceAllowList } from "./source-allow-list.ts";
import type { SourceSettings } from "./source-settings.ts";

/** A source, and where it is named. */
export interface NamedSource {
  object: string;
  source: string;
}

/** Holds sources against their grammar and the operator's list, without asking any server. */
export function checkSources(sources: readonly NamedSource[], settings: SourceSettings | undefined): CheckMessage[] {
  const entries = [...(settings?.allow ?? []), ...Object.keys(settings?.credentials ?? {})];
  const bad = entries.flatMap((entry) => problemOf("serving.sources", () => new SourceAllowList([entry])));
  if (settings?.hub !== undefined) bad.push(...problemOf("serving.sources.hub", () => hubEndpoint(settings.hub)));
  if (bad.length > 0) return bad;
  const allowed = new SourceAllowList(settings?.allow);
  return sources.flatMap(({ object, source }) =>
    problemOf(object, () => {
      const address = parseSource(source, object);
      if (address.kind !== "file") allowed.check(address);
    }),
  );
}

function problemOf(object: string, look: () => void): CheckMessage[] {
  try {
    look();
    return [];
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return [{ level: "error", code: "SERVING_CHECK_SOURCE", object, message: error.message, hint: error.hint }];
  }
}
