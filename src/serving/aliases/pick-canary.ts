import type { Canary } from "./alias-target.ts";

/** A request's headers, by their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** True when a request is one that the canary answers: by its own wish, by the value of the key, or by chance. */
export function goesToCanary({ percent, key, header, version }: Canary, headers: RequestHeaders | undefined): boolean {
  const wish = header === undefined ? undefined : headerOf(headers, header)?.toLowerCase();
  if (wish === "always") return true;
  if (wish === "never") return false;
  const value = key === undefined ? undefined : headerOf(headers, key);
  const place = value === undefined ? Math.random() : placeOf(`${version} ${value}`);
  return place * 100 < percent;
}

function headerOf(headers: RequestHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name.toLowerCase()];
  return typeof value === "string" ? value : value?.join();
}

/** A number from 0 up to 1 that is the same for the same text: FNV-1a with its bits well mixed. */
function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
