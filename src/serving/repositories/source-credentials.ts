import { longestMatch } from "./source-allow-list.ts";
import type { RemoteAddress } from "./source-address.ts";

/**
 * What a server is told so that it lets a reader in, as the value of an `Authorization` header: from the settings, else
 * from the environment: `GITHUB_TOKEN` for GitHub, `CORTADO_SOURCE_GIT_EXAMPLE_COM` for `git.example.com`.
 */
export function authorizationFor(address: RemoteAddress, credentials: Readonly<Record<string, string>>): string | undefined {
  if (address.kind === "s3") return undefined;
  const { hostname } = new URL(address.origin);
  const byHost = process.env[`CORTADO_SOURCE_${hostname.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`];
  const github = hostname === "github.com" ? process.env["GITHUB_TOKEN"] : undefined;
  const found = longestMatch(credentials, address) ?? byHost ?? github;
  if (!found) return undefined;
  if (found.includes(":")) return basic(found);
  // Servers of git take a token for a password; the name before it is not looked at, and this is the one GitHub writes.
  return address.kind === "git" ? basic(`x-access-token:${found}`) : `Bearer ${found}`;
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
