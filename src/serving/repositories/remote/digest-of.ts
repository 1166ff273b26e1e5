import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** The digest of a file, in hexadecimal digits. */
export async function digestOf(algorithm: "md5" | "sha1" | "sha256", path: string, before = ""): Promise<string> {
  const hash = createHash(algorithm).update(before);
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
