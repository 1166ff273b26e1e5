import { longestMatch } from "./source-allow-list.ts";
import { hubToken } from "./remote/hub-endpoint.ts";
import type { RemoteAddress, S3Address } from "./source-address.ts";

/**
 * What a server is told so that it lets a reader in, as the value of an `Authorization` header: from the settings, else
 * from the environment: `GITHUB_TOKEN` for GitHub, `CORTADO_SOURCE_GIT_EXAMPLE_COM` for `git.example.com`, and for the hub what
 * its other programs use.
 */
export function authorizationFor(
  address: Exclude<RemoteAddress, S3Address>,
  { credentials = {}, server }: { credentials?: Readonly<Record<string, string>> | undefined; server: string },
): string | undefined {
  const { hostname } = new URL(server);
  const byHost = process.env[`CORTADO_SOURCE_${hostname.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`];
  const github = hostname === "github.com" ? process.env["GITHUB_TOKEN"] : undefined;
  const found = longestMatch(credentials, address) ?? byHost ?? github ?? (address.kind === "hub" ? hubToken() : undefined);
  if (!found) return undefined;
  if (found.includes(":")) return basic(found);
  // Servers of git take a token for a password; the name before it is not looked at, and this is the one GitHub writes.
  return address.kind === "git" ? basic(`x-access-token:${found}`) : `Bearer ${found}`;
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
