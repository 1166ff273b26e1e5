import { projectSessionStore } from "#views";
import type { OpenTables } from "./open-project.ts";

/** Removes the sessions of a project that are over, and says how many; null where they go by themselves. */
export async function clearSessions({ settings }: OpenTables): Promise<number | null> {
  return (await projectSessionStore(settings).clearExpired?.()) ?? null;
}
