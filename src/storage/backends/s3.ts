import type * as S3 from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { contentTypeHeader, CortadoError, importOptional } from "#kernel";
import { storageErrors } from "../errors.ts";
import { fittingName, freeName, insideFolder, insideName } from "../file-names.ts";
import type { ByteRange, FileContent, SaveFileOptions, Storage, StorageListing } from "../storage.ts";
import { contentChunks } from "../storage.ts";
import { parseS3Address, type S3Address } from "./s3-address.ts";
import { type S3Credentials, s3Path, signedS3Url } from "./s3-signed-url.ts";
import { type S3Target, sendToS3 } from "./s3-upload.ts";

/** A file in a bucket. */
export interface S3Object {
  name: string;
  size: number;
  /** Changes with the content. */
  etag: string;
}

interface S3Failure extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Credentials are fetched again when less than this is left of them, in milliseconds. */
const renewal = 10 * 60_000;

/**
 * Files in a bucket of S3, or of a server that speaks its language: `s3://bucket/prefix?endpoint=…&region=…`.
 * Credentials are found where every tool of AWS finds them.
 */
export class S3Storage implements Storage {
  readonly #address: S3Address;
  readonly #url: string;
  #opened: Promise<{ sdk: typeof S3; client: S3.S3Client }> | undefined;
  #credentials: S3Credentials | undefined;
  /** Whether the server can refuse to overwrite. */
  #isExclusive = true;
  #problem = "they were not asked for yet; await storage.ready() first";

  /** @param folder is put between the address's prefix and each name. @throws STORAGE_BAD_ADDRESS */
  constructor(url: string, folder = "") {
    this.#url = url.replace(/\?.*/s, "");
    this.#address = parseS3Address(url, folder);
  }

  /** Finds the credentials, which addresses of private files are signed with. */
  async ready(): Promise<void> {
    if (this.#address.isPublic) return;
    const { client } = await this.#open();
    try {
      this.#credentials = await client.config.credentials();
    } catch (error) {
      this.#problem = (error as Error).message;
    }
  }

  async close(): Promise<void> {
    // What was never opened, for its package is missing, is closed.
    (await this.#opened?.catch(() => undefined))?.client.destroy();
    this.#opened = undefined;
  }

  async save(name: string, content: FileContent, options: SaveFileOptions = {}): Promise<string> {
    const { maxLength, overwrite = this.#address.allowOverwrite } = options;
    const isStream = typeof content === "object" && Symbol.asyncIterator in content;
    for (;;) {
      const free = overwrite ? fittingName(insideName(name), maxLength) : await this.availableName(name, { maxLength });
      const isExclusive = !overwrite && this.#isExclusive;
      try {
        await this.#put({ ...this.#target(free, options), ...(isExclusive && { IfNoneMatch: "*" }) }, content);
        return free;
      } catch (error) {
        const status = ((error as Error).cause as S3Failure | undefined)?.$metadata?.httpStatusCode;
        // 412: somebody took the name between the look and the write. 501: the server cannot refuse that.
        if (status === 501 && isExclusive) this.#isExclusive = false;
        else if (status !== 412) throw error;
        // What was a stream is gone, and cannot be sent again.
        if (isStream) throw error;
      }
    }
  }

  async open(name: string, { start, end }: ByteRange = {}): Promise<Readable> {
    const Range = !start && end === undefined ? undefined : `bytes=${start ?? 0}-${end ?? ""}`;
    const { Body } = await this.#ask(name, ({ sdk, client }) =>
      client.send(new sdk.GetObjectCommand({ ...this.#place(name), Range })),
    );
    return Body as Readable;
  }

  async read(name: string): Promise<Uint8Array> {
    return Buffer.concat(await (await this.open(name)).toArray());
  }

  async delete(name: string): Promise<void> {
    await this.#ask(name, ({ sdk, client }) => client.send(new sdk.DeleteObjectCommand(this.#place(name))));
  }

  async exists(name: string): Promise<boolean> {
    return this.#head(name).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code === "STORAGE_NO_FILE") return false;
        throw error;
      },
    );
  }

  async listdir(folder = ""): Promise<StorageListing> {
    const inside = insideFolder(folder);
    const Prefix = this.#address.prefix + (inside === "" ? "" : `${inside}/`);
    const found: StorageListing = { directories: [], files: [] };
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket: this.#address.bucket, Prefix, Delimiter: "/", ContinuationToken };
      const page = await this.#ask(folder, ({ sdk, client }) => client.send(new sdk.ListObjectsV2Command(input)));
      found.directories.push(...(page.CommonPrefixes ?? []).map((one) => one.Prefix!.slice(Prefix.length, -1)));
      found.files.push(...(page.Contents ?? []).map((one) => one.Key!.slice(Prefix.length)).filter(Boolean));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return { directories: found.directories.sort(), files: found.files.sort() };
  }

  /** Every file below a folder, however deep, with what tells one content of it from another. */
  async listAll(folder = "", signal?: AbortSignal): Promise<S3Object[]> {
    const inside = insideFolder(folder);
    const Prefix = this.#address.prefix + (inside === "" ? "" : `${inside}/`);
    const found: S3Object[] = [];
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket: this.#address.bucket, Prefix, ContinuationToken };
      const page = await this.#ask(folder, ({ sdk, client }) =>
        client.send(new sdk.ListObjectsV2Command(input), { abortSignal: signal }),
      );
      for (const { Key = "", Size = 0, ETag = "" } of page.Contents ?? []) {
        if (!Key.endsWith("/")) found.push({ name: Key.slice(Prefix.length), size: Size, etag: ETag });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  /** The content of a file from a byte on, and which content it is. The name is one that `listAll` gave. @throws STORAGE_NO_FILE */
  async openContent(
    name: string,
    { start = 0, signal }: { start?: number; signal?: AbortSignal } = {},
  ): Promise<{ content: Readable; etag: string; encrypted: boolean }> {
    const place = { Bucket: this.#address.bucket, Key: this.#address.prefix + name };
    const Range = start === 0 ? undefined : `bytes=${start}-`;
    const { Body, ETag, ServerSideEncryption } = await this.#ask(name, ({ sdk, client }) =>
      client.send(new sdk.GetObjectCommand({ ...place, Range }), { abortSignal: signal }),
    );
    const encrypted = ServerSideEncryption !== undefined && ServerSideEncryption !== "AES256";
    return { content: Body as Readable, etag: ETag ?? "", encrypted };
  }

  async size(name: string): Promise<number> {
    return (await this.#head(name)).ContentLength ?? 0;
  }

  async modifiedTime(name: string): Promise<Date> {
    return (await this.#head(name)).LastModified!;
  }

  /** When the content was written: S3 counts no other time. */
  createdTime(name: string): Promise<Date> {
    return this.modifiedTime(name);
  }

  async availableName(name: string, { maxLength }: { maxLength?: number | undefined } = {}): Promise<string> {
    return freeName(name, (one) => !this.#address.allowOverwrite && this.exists(one), maxLength);
  }

  /** The address of a file: signed for a while, where files are private. @throws STORAGE_NO_CREDENTIALS */
  url(name: string): string {
    const { domain, isPublic, expires, region } = this.#address;
    const path = s3Path(this.#place(name).Key);
    if (domain !== undefined) return `${domain}/${path}`;
    const address = this.#objectUrl(path);
    if (isPublic) return address.href;
    if (this.#credentials === undefined)
      throw storageErrors.STORAGE_NO_CREDENTIALS({ storage: this.#url, reason: this.#problem });
    const { expiration } = this.#credentials;
    if (expiration !== undefined && expiration.getTime() - Date.now() < renewal) void this.ready();
    return signedS3Url(address, this.#credentials, { region, expires });
  }

  #objectUrl(path: string): URL {
    const { endpoint, bucket, region, pathStyle } = this.#address;
    const server = endpoint ?? `https://s3.${region}.amazonaws.com`;
    return new URL(pathStyle ? `${server}/${bucket}/${path}` : `${server.replace("://", `://${bucket}.`)}/${path}`);
  }

  #place(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.#address.bucket, Key: this.#address.prefix + insideName(name) };
  }

  #target(name: string, { contentType, headers = {} }: SaveFileOptions): S3Target {
    return {
      ...this.#place(name),
      ContentType: contentType ?? headers["content-type"] ?? contentTypeHeader(name),
      CacheControl: headers["cache-control"],
      ContentEncoding: headers["content-encoding"],
      ContentDisposition: headers["content-disposition"],
      ACL: this.#address.acl as S3.ObjectCannedACL | undefined,
    };
  }

  #head(name: string): Promise<S3.HeadObjectCommandOutput> {
    return this.#ask(name, ({ sdk, client }) => client.send(new sdk.HeadObjectCommand(this.#place(name))));
  }

  #open(): Promise<{ sdk: typeof S3; client: S3.S3Client }> {
    return (this.#opened ??= openClient(this.#address));
  }

  /** Sends a content; what the content itself throws stays as it is. */
  async #put(target: S3Target, content: FileContent): Promise<void> {
    let failure: unknown;
    const chunks = watched(await contentChunks(content), (error) => (failure = error));
    try {
      await this.#ask(target.Key!, ({ sdk, client }) => sendToS3(sdk, client, { target, chunks }));
    } catch (error) {
      throw failure ?? error;
    }
  }

  async #ask<T>(name: string, run: (opened: { sdk: typeof S3; client: S3.S3Client }) => Promise<T>): Promise<T> {
    const opened = await this.#open();
    try {
      return await run(opened);
    } catch (error) {
      if (error instanceof CortadoError) throw error;
      const { name: kind, message, $metadata } = error as S3Failure;
      const isMissing =
        kind === "NoSuchKey" || kind === "NotFound" || ($metadata?.httpStatusCode === 404 && kind !== "NoSuchBucket");
      if (isMissing) throw storageErrors.STORAGE_NO_FILE({ name });
      throw storageErrors.STORAGE_FAILED({ storage: this.#url, reason: `${kind}: ${message}`, cause: error });
    }
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The chunks; what they throw is told. */
async function* watched(chunks: Chunks, onFailure: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    onFailure(error);
    throw error;
  }
}

/** What a storage in S3 needs. @throws KERNEL_MISSING_PACKAGE */
export const s3Package = () => importOptional("@aws-sdk/client-s3", "A storage in S3", () => import("@aws-sdk/client-s3"));

async function openClient({ endpoint, region, pathStyle }: S3Address): Promise<{ sdk: typeof S3; client: S3.S3Client }> {
  const sdk = await s3Package();
  const client = new sdk.S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint !== undefined && { endpoint }),
    // Servers other than Amazon's do not all know its newer checksums; bodies are guarded by TLS and by the signature.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  return { sdk, client };
}
