import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { s3Package, S3Storage } from "#storage";
import { servingErrors } from "../../errors.ts";
import type { S3Address } from "../source-address.ts";
import { digestOf } from "./digest-of.ts";
import { download } from "./download.ts";
import { eachOf } from "./each-of.ts";
import type { Delivery, RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";
import { within } from "./within.ts";

const TRANSFERS = 4;

/** What lies under a prefix of a bucket of S3, or of a server that speaks its language. */
export class S3Origin implements RemoteOrigin {
  readonly layout = "tree";
  readonly shown: string;
  readonly identity: string;
  readonly name: string;
  readonly #storage: S3Storage;
  readonly #patience: number;

  /** @param patience milliseconds without a byte after which a transfer is begun anew. @throws STORAGE_BAD_ADDRESS */
  constructor(address: S3Address, patience: number) {
    this.#storage = new S3Storage(address.url);
    this.#patience = patience;
    this.shown = address.shown;
    this.identity = `s3 ${address.bucket} ${address.endpoint} ${address.path.join("/")}`;
    this.name = address.path.at(-1) ?? address.bucket;
  }

  demandTools(): Promise<unknown> {
    return s3Package();
  }

  async look(signal: AbortSignal): Promise<RemoteTree> {
    const objects = await within(this.#patience, signal, (patient) => this.#storage.listAll("", patient));
    const files = objects.map(({ name, size, etag }) => ({ path: name, size, id: etag }));
    return { files, atomic: false };
  }

  async fetch(files: readonly VersionFile[], delivery: Delivery): Promise<void> {
    await eachOf(files, TRANSFERS, (file) => this.#fetchOne(file, delivery));
  }

  async close(): Promise<void> {
    await this.#storage.close();
  }

  async #fetchOne(file: VersionFile, { directory, maxSize, signal }: Delivery): Promise<void> {
    const path = join(directory, file.place);
    await mkdir(dirname(path), { recursive: true });
    let md5: string | undefined;
    await download({
      path,
      size: file.size,
      maxSize,
      patience: this.#patience,
      signal,
      open: async (start, attempt) => {
        const { content, etag, encrypted } = await this.#storage
          .openContent(file.path, { start, signal: attempt })
          .catch((error: Error) => rethrow(error, file.place));
        if (etag !== file.id) throw changed(file.place);
        md5 = encrypted ? undefined : /^"?([0-9a-f]{32})"?$/.exec(etag)?.[1];
        return { chunks: content, start };
      },
      verify: async (part) => {
        // S3 names a content that was sent at once by its MD5; nothing is kept secret by it here.
        if (md5 !== undefined && (await digestOf("md5", part)) !== md5)
          throw servingErrors.SERVING_BAD_ARTIFACT({ file: file.place, problem: "has another digest than its bucket says" });
      },
    });
  }
}

/** Refusals go on; trouble may be over at the next attempt. Neither tells where the bucket is. */
function rethrow(error: Error & { code?: string }, what: string): never {
  const { name, message, $metadata = {} } = (error.cause ?? {}) as Error & { $metadata?: { httpStatusCode?: number } };
  const { httpStatusCode: status = 0 } = $metadata;
  if (error.code === "STORAGE_NO_FILE")
    throw servingErrors.SERVING_SOURCE_FAILED({ what, problem: "is not in its bucket any more" });
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    throw servingErrors.SERVING_SOURCE_FAILED({ what, problem: `was refused by its bucket: ${status} ${name}` });
  throw error.code === "STORAGE_FAILED" ? new Error(`${name}: ${message}`, { cause: error }) : error;
}

function changed(place: string): Error {
  const hint = "The next look at the source finds what is there now.";
  return servingErrors.SERVING_SOURCE_FAILED({ what: place, problem: "changed while it was being fetched", hint });
}
