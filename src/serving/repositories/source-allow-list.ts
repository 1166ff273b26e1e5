import { servingErrors } from "../errors.ts";
import { parseSource, type RemoteAddress, shownSource } from "./source-address.ts";

/** The beginning of addresses: what lies at `origin`, below `path`. */
interface Scope {
  kind: RemoteAddress["kind"];
  origin: string;
  path: readonly string[];
  /** Where the entry names one. */
  ref?: string | undefined;
  folder?: string | undefined;
}

/**
 * The operator's list of where models may come from. Addresses are compared in their parts, never as text: the kind, the
 * server, and the path name by name.
 */
export class SourceAllowList {
  readonly #scopes: readonly Scope[] | undefined;
  readonly #entries: readonly string[];

  /** @throws SERVING_BAD_SOURCE for an entry that is no beginning of an address */
  constructor(entries: readonly string[] | undefined) {
    this.#entries = entries ?? [];
    this.#scopes = entries?.map(scopeOfEntry);
  }

  /** @throws SERVING_SOURCE_NOT_ALLOWED */
  check(address: RemoteAddress): void {
    const scope = scopeOf(address);
    const listed = this.#scopes?.some((each) => isBelow(scope, each)) ?? false;
    const isPlain = scope.kind !== "s3" && scope.origin.startsWith("http://");
    const lawful = isPlain ? listed && isLoopback(scope.origin) : listed || this.#scopes === undefined;
    if (!lawful) throw servingErrors.SERVING_SOURCE_NOT_ALLOWED({ source: address.shown, allowed: this.#entries, isPlain });
  }

  /** Whether a server may send a reader on from one address to another: where nothing is listed, only on the same server. */
  allowsRedirect(from: URL, to: URL): boolean {
    if (to.username !== "" || to.password !== "") return false;
    if (to.protocol !== "https:" && !(to.protocol === "http:" && isLoopback(to.origin))) return false;
    return this.#scopes === undefined ? to.origin === from.origin : this.lists(to);
  }

  /** Whether an address of the web lies below one of the entries. */
  lists(url: URL): boolean {
    const path = url.pathname.split("/").filter(Boolean);
    return this.#scopes?.some((each) => isBelow({ kind: "https", origin: url.origin, path }, each)) ?? false;
  }
}

/** The value that is kept for the longest beginning of an address. */
export function longestMatch(values: Readonly<Record<string, string>>, address: RemoteAddress): string | undefined {
  const scope = scopeOf(address);
  const matching = Object.entries(values)
    .map(([entry, value]) => ({ scope: scopeOfEntry(entry), value }))
    .filter((each) => isBelow(scope, each.scope));
  return matching.sort((a, b) => b.scope.path.length - a.scope.path.length)[0]?.value;
}

function scopeOf(address: RemoteAddress): Scope {
  if (address.kind === "s3") return { kind: "s3", origin: `${address.bucket} ${address.endpoint}`, path: address.path };
  if (address.kind === "hub") return { ...address, origin: "hub" };
  if (address.kind === "https") return { kind: "https", origin: address.origin, path: address.path };
  const { origin, ref, folder } = address;
  return { kind: "git", origin, path: address.path.map((name) => name.replace(/\.git$/, "")), ref, folder };
}

/** An entry may end sooner than a source: `github:acme`, `hf:acme`, `https://models.example.com`. */
function scopeOfEntry(entry: string): Scope {
  const filler = "any";
  const [, owner] = /^((?:github:|hf:(?:\/\/)?)[\w.-]+)\/?$/.exec(entry) ?? [];
  const bare = /^(?:git\+)?https?:\/\/[^/?#]+\/?$/.test(entry);
  const whole = owner === undefined ? (bare ? `${entry.replace(/\/$/, "")}/${filler}` : entry) : `${owner}/${filler}`;
  const address = parseSource(whole, "serving.sources");
  if (address.kind === "file")
    throw servingErrors.SERVING_BAD_SOURCE({
      source: shownSource(entry),
      problem: "is a folder of this machine, which needs no leave",
    });
  const scope = scopeOf(address);
  return whole === entry ? scope : { ...scope, path: scope.path.slice(0, -1) };
}

function isBelow(scope: Scope, entry: Scope): boolean {
  if (scope.kind !== entry.kind || scope.origin !== entry.origin) return false;
  if (entry.ref !== undefined && entry.ref !== scope.ref) return false;
  const folder = entry.folder ?? "";
  if (folder !== "" && !`${scope.folder ?? ""}/`.startsWith(`${folder}/`)) return false;
  return entry.path.every((name, i) => scope.path[i] === name);
}

/** True for an address of this machine itself. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
