/** Keys with texts, or null. */
export type StringMap = Record<string, string | null>;

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

/** A map as PostgreSQL reads it. */
export function hstoreText(map: Readonly<StringMap>): string {
  return Object.entries(map)
    .map(([key, value]) => `${quoted(key)}=>${value === null ? "NULL" : quoted(value)}`)
    .join(", ");
}

/** Reads a map as PostgreSQL writes it: `"a"=>"1", "b"=>NULL`. */
export function parseHstore(text: string): StringMap {
  const pairs = text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"=>(?:NULL|"((?:[^"\\]|\\[\s\S])*)")/g);
  const plain = (part: string) => part.replaceAll(/\\([\s\S])/g, "$1");
  // Defined, not assigned: a key may be "__proto__".
  return Object.fromEntries([...pairs].map(([, key, value]) => [plain(key!), value === undefined ? null : plain(value)]));
}
