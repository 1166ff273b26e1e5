/** A query string, or its values by name or in order; several values of a name in an array. */
export type QueryValues =
  | string
  | Readonly<Record<string, unknown>>
  | Iterable<readonly [string, unknown]>
  | { readonly size: number; toString(): string };

const keptInPaths = /%(?:21|24|26|27|28|29|2A|2B|2C|2F|3A|3B|3D|40)/g;

/** Encodes what may not stand in a path. It never begins with two slashes: a browser would read a host there. */
export function quotePath(path: string): string {
  const quoted = encodeURIComponent(path).replace(keptInPaths, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)));
  return quoted.startsWith("//") ? `/%2F${quoted.slice(2)}` : quoted;
}

/** Values as a query string, without its question mark. */
export function toQueryString(query: QueryValues): string {
  if (typeof query === "string") return query.replace(/^\?/, "");
  const text = new URLSearchParams();
  const entries = Symbol.iterator in query ? (query as Iterable<readonly [string, unknown]>) : Object.entries(query);
  for (const [name, value] of entries)
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) text.append(name, String(each));
  return text.toString().replaceAll("*", "%2A").replaceAll("%7E", "~");
}
