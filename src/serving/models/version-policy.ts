import type { VersionSource } from "../repositories/model-repository.ts";
import { newestFirst } from "../repositories/names.ts";

/** Which versions are served of those that there are: all, the newest so many, or these. */
export type VersionPolicy = "all" | { readonly latest: number } | readonly string[];

/** The versions that a policy lets through, and those that an alias names, which `latest` does not take away from it. */
export function servedVersions(
  sources: readonly VersionSource[],
  policy: VersionPolicy,
  named: ReadonlySet<string>,
): readonly VersionSource[] {
  if (policy === "all") return sources;
  if (!("latest" in policy)) return sources.filter((source) => policy.includes(source.version));
  const newest = sources
    .map((source) => source.version)
    .sort(newestFirst)
    .slice(0, policy.latest);
  return sources.filter(({ version }) => newest.includes(version) || named.has(version));
}

/** True when an alias may bring a version back that the policy does not serve by itself. */
export function mayBeNamed(policy: VersionPolicy): boolean {
  return typeof policy === "object" && "latest" in policy;
}
