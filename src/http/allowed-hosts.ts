const localHosts = ["localhost", ".localhost", "127.0.0.1", "[::1]"];
const hostForm = /^([a-z0-9.-]+|\[[a-f0-9:.]+\])(?::\d+)?$/;

function matches(host: string, pattern: string): boolean {
  if (pattern === "*") return true;
  return pattern.startsWith(".") ? host.endsWith(pattern) || host === pattern.slice(1) : host === pattern;
}

/**
 * Whether a `Host` header names a host of this project; the port does not count.
 * In debug, a project that lists no hosts answers for this machine's own names.
 */
export function hostChecker(allowedHosts: readonly string[], debug: boolean): (header: string) => boolean {
  const patterns = (allowedHosts.length === 0 && debug ? localHosts : allowedHosts).map((pattern) => pattern.toLowerCase());
  const known = new Map<string, boolean>();
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const name = hostForm.exec(header.toLowerCase())?.[1]?.replace(/\.$/, "");
    const isAddress = name !== undefined && URL.canParse(`http://${header}`);
    const allowed = isAddress && patterns.some((pattern) => matches(name, pattern));
    // Remembered, but not without bound: the header is the client's to choose.
    if (allowed && known.size < 100) known.set(header, allowed);
    return allowed;
  };
}
