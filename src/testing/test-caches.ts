import type { CacheSetting } from "#cache";
import type { Project } from "#app";

/** Addresses of caches that outlive a test, or that need a server. */
const lasting = /^(?:rediss?|file):/;

/** The caches of a project, those that outlive a test each in memory. */
export function testCaches({ caches = {} }: Project): Record<string, CacheSetting> {
  return Object.fromEntries(Object.entries(caches).map(([alias, setting]) => [alias, forTest(setting)]));
}

function forTest(setting: CacheSetting): CacheSetting {
  if (typeof setting === "string") return lasting.test(setting) ? "memory:" : setting;
  if (!("backend" in setting)) return setting;
  const { backend } = setting;
  const [address = ""] = typeof backend === "string" ? [backend] : Array.isArray(backend) ? (backend as string[]) : [];
  return lasting.test(address) ? { ...setting, backend: "memory:" } : setting;
}
