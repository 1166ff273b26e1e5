import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { ArchiveFolder, type ArchiveLimits, badArchive } from "./archive-folder.ts";
import { extractTar } from "./tar-archive.ts";
import { extractZip } from "./zip-archive.ts";

type ArchiveKind = "zip" | "tar" | "gzip" | "zstd";

/** Takes an archive (zip, tar, tar.gz, tar.zst) apart into an empty folder; false where the file is no archive. @throws SERVING_BAD_ARTIFACT */
export async function extractArchive(path: string, directory: string, limits: ArchiveLimits): Promise<boolean> {
  const kind = await kindOf(path);
  const folder = new ArchiveFolder(directory, limits);
  if (kind === undefined) return false;
  if (kind === "zip") await extractZip(path, folder);
  else if (kind === "tar") await extractTar(createReadStream(path) as AsyncIterable<Buffer>, folder);
  else await extractPackedTar(path, folder, kind);
  return true;
}

async function extractPackedTar(path: string, folder: ArchiveFolder, kind: "gzip" | "zstd"): Promise<void> {
  const unpack = kind === "gzip" ? createGunzip() : createZstdDecompress();
  try {
    await pipeline(createReadStream(path), unpack, (chunks: AsyncIterable<Buffer>) => extractTar(chunks, folder));
  } catch (error) {
    if (/^(?:Z_|ZSTD_|ERR_ZSTD)/.test((error as NodeJS.ErrnoException).code ?? "")) throw badArchive("is damaged, or breaks off");
    throw error;
  }
}

/** What a file is by its first bytes; its name says nothing. */
async function kindOf(path: string): Promise<ArchiveKind | undefined> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    const head = buffer.subarray(0, bytesRead);
    const begins = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
    if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0x50, 0x4b, 0x05, 0x06)) return "zip";
    if (begins(0x1f, 0x8b)) return "gzip";
    if (begins(0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
    return head.toString("latin1", 257, 262) === "ustar" ? "tar" : undefined;
  } finally {
    await file.close();
  }
}
