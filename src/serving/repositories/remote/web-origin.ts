import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { servingErrors } from "../../errors.ts";
import { extractArchive } from "../archives/extract-archive.ts";
import { isModelName } from "../names.ts";
import type { WebAddress } from "../source-address.ts";
import { MODEL_FILE } from "../version-folders.ts";
import { download, type OpenedContent } from "./download.ts";
import type { Delivery, RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";
import { within } from "./within.ts";
import { WebClient, type WebClientOptions } from "./web-client.ts";

export interface WebOriginOptions extends WebClientOptions {
  /** Milliseconds without a byte after which a transfer is begun anew. */
  patience: number;
}

const mostFiles = 10_000;
const PACKED = ".download";
const UNPACKED = ".unpacked";

/** An archive or a single file on a web server: one version, another one when its entity tag changes. */
export class WebOrigin implements RemoteOrigin {
  readonly layout = "one";
  readonly shown: string;
  readonly identity: string;
  readonly name: string;
  readonly #address: WebAddress;
  readonly #options: WebOriginOptions;
  readonly #client: WebClient;

  constructor(address: WebAddress, options: WebOriginOptions) {
    this.#address = address;
    this.#options = options;
    this.#client = new WebClient(options);
    this.shown = address.shown;
    this.identity = `https ${address.url} ${address.sha256 ?? ""}`;
    const name = address.path.at(-1)!.replace(/\.(?:zip|mar|tar|tgz|tar\.gz|tar\.zst|onnx)$/, "");
    this.name = isModelName(name) ? name : "model";
  }

  async look(signal: AbortSignal): Promise<RemoteTree> {
    const { sha256, path } = this.#address;
    const response = await within(this.#options.patience, signal, (patient) => this.#askAbout(patient));
    if (!response.ok) throw refused(response);
    const id = sha256 === undefined ? identityOf(response) : `sha256:${sha256}`;
    const length = response.headers.get("content-length");
    const size = length === null || response.status === 206 ? -1 : Number(length);
    return { files: [{ path: path.at(-1)!, size, id }], revision: id, atomic: true };
  }

  async #askAbout(signal: AbortSignal): Promise<Response> {
    const { url } = this.#address;
    let response = await this.#client.ask(url, { method: "HEAD", signal });
    // Servers that only know GET are asked so, and not listened to beyond the headers.
    if ([403, 404, 405, 501].includes(response.status)) response = await this.#client.ask(url, { method: "GET", signal });
    await response.body?.cancel();
    return response;
  }

  async fetch([file]: readonly [VersionFile] | readonly VersionFile[], delivery: Delivery): Promise<void> {
    const { directory, maxSize, signal } = delivery;
    const packed = join(directory, PACKED);
    const { patience } = this.#options;
    let digest: string | undefined;
    await download({
      path: packed,
      size: file!.size,
      maxSize,
      patience,
      signal,
      open: async (start, attempt) => {
        const { response, opened } = await this.#open(file!, start, attempt);
        digest = this.#address.sha256 ?? digestIn(response);
        return opened;
      },
      verify: async (part) => {
        if (digest !== undefined && (await sha256Of(part)) !== digest)
          throw servingErrors.SERVING_BAD_ARTIFACT({
            file: file!.path,
            problem: "has another SHA-256 than the one that is wanted",
          });
      },
    });
    await unpack(directory, { name: file!.path, maxSize });
  }

  async #open(file: VersionFile, start: number, signal: AbortSignal): Promise<{ response: Response; opened: OpenedContent }> {
    const headers: Record<string, string> = start > 0 ? { range: `bytes=${start}-` } : {};
    const response = await this.#client.ask(this.#address.url, { method: "GET", headers, signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      // A server that has trouble may have none later; one that refuses goes on refusing.
      if (response.status >= 500 || response.status === 429) throw new Error(`the server answered ${response.status}`);
      if (response.status === 416) return this.#open(file, 0, signal);
      throw refused(response);
    }
    if (this.#address.sha256 === undefined && identityOf(response) !== file.id) {
      await response.body.cancel();
      const hint = "The next look at the source finds what is there now.";
      throw servingErrors.SERVING_SOURCE_FAILED({ what: file.path, problem: "changed while it was being fetched", hint });
    }
    const begins = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
    const at = response.status === 206 ? Number(begins ?? -1) : 0;
    if (at !== 0 && at !== start) throw new Error("the server sent another part than was asked for");
    return { response, opened: { chunks: response.body, start: at } };
  }
}

/** What tells one content of an address from another; nothing where the server does not say. */
function identityOf(response: Response): string {
  const etag = response.headers.get("etag");
  if (etag !== null) return etag.replace(/^W\//, "");
  return response.headers.get("last-modified") ?? "unmarked";
}

/** The digest that the server itself tells of the whole content. */
function digestIn(response: Response): string | undefined {
  const told = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(response.headers.get("repr-digest") ?? "")?.[1];
  return told === undefined ? undefined : Buffer.from(told, "base64").toString("hex");
}

function refused({ status }: Response): Error {
  const hint = {
    401: "Give what lets a reader in by serving.sources.credentials or the environment.",
    403: "Give what lets a reader in by serving.sources.credentials or the environment.",
    404: "Correct the address of the source.",
  }[status];
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem: `answered ${status}`, hint });
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Makes a version's folder of what came: the files of an archive, without the one folder around them, or the file itself. */
async function unpack(directory: string, { name, maxSize }: { name: string; maxSize: number }): Promise<void> {
  const packed = join(directory, PACKED);
  const unpacked = join(directory, UNPACKED);
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked);
  const isArchive = await extractArchive(packed, unpacked, { maxSize, maxFiles: mostFiles });
  if (isArchive) {
    const top = await readdir(unpacked, { withFileTypes: true });
    const inside = top.length === 1 && top[0]!.isDirectory() ? join(unpacked, top[0]!.name) : unpacked;
    for (const each of await readdir(inside)) {
      if (each === PACKED || each === UNPACKED)
        throw servingErrors.SERVING_BAD_ARTIFACT({ file: "The archive", problem: `holds ${each}` });
      await rename(join(inside, each), join(directory, each));
    }
    await rm(packed);
  } else await rename(packed, join(directory, name.endsWith(".onnx") ? MODEL_FILE : name));
  await rm(unpacked, { recursive: true, force: true });
}
