import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { extractArchive } from "../archives/extract-archive.ts";
import { isModelName } from "../names.ts";
import type { WebAddress } from "../source-address.ts";
import { MODEL_FILE } from "../version-folders.ts";
import { digestOf } from "./digest-of.ts";
import { download } from "./download.ts";
import { openContent } from "./open-content.ts";
import type { Delivery, RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";
import { within } from "./within.ts";
import { isGiven, type WebAnswer, WebClient, type WebClientOptions } from "./web-client.ts";

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
    const name = address.path.at(-1)!.replace(/\.(?:zip|mar|tar|tgz|tar\.gz|tar\.zst|onnx|gguf)$/, "");
    this.name = isModelName(name) ? name : "model";
  }

  async look(signal: AbortSignal): Promise<RemoteTree> {
    const { sha256, path } = this.#address;
    const answer = await within(this.#options.patience, signal, (patient) => this.#askAbout(patient));
    if (!isGiven(answer)) throw refused(answer);
    const id = sha256 === undefined ? identityOf(answer) : `sha256:${sha256}`;
    const length = answer.headers["content-length"];
    const size = length === undefined || answer.status === 206 ? -1 : Number(length);
    return { files: [{ path: path.at(-1)!, size, id }], revision: id, atomic: true };
  }

  async #askAbout(signal: AbortSignal): Promise<WebAnswer> {
    const { url } = this.#address;
    let answer = await this.#client.ask(url, { method: "HEAD", signal });
    answer.body.destroy();
    // Servers that only know GET are asked so, and not listened to beyond the headers.
    if ([403, 404, 405, 501].includes(answer.status)) answer = await this.#client.ask(url, { method: "GET", signal });
    answer.body.destroy();
    return answer;
  }

  async fetch([file]: readonly [VersionFile] | readonly VersionFile[], delivery: Delivery): Promise<void> {
    const { directory, maxSize, signal } = delivery;
    const packed = join(directory, PACKED);
    const { patience } = this.#options;
    const { url, sha256 } = this.#address;
    let digest: string | undefined;
    const inspect = (answer: WebAnswer) => {
      this.#requireSame(answer, file!);
      digest = sha256 ?? digestIn(answer);
    };
    await download({
      path: packed,
      name: file!.path,
      size: file!.size,
      maxSize,
      patience,
      signal,
      open: (start, attempt) => openContent(this.#client, { url, start, signal: attempt, inspect, refused }),
      verify: async (part) => {
        if (digest !== undefined && (await digestOf("sha256", part)) !== digest)
          throw servingErrors.SERVING_BAD_ARTIFACT({
            file: file!.path,
            problem: "has another SHA-256 than the one that is wanted",
          });
      },
    });
    await unpack(directory, { name: file!.path, maxSize });
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  /** Refuses what has become another content since it was looked at. */
  #requireSame(answer: WebAnswer, { id, path }: VersionFile): void {
    if (this.#address.sha256 !== undefined || identityOf(answer) === id) return;
    const hint = "The next look at the source finds what is there now.";
    throw servingErrors.SERVING_SOURCE_FAILED({ what: path, problem: "changed while it was being fetched", hint });
  }
}

/** What tells one content of an address from another; nothing where the server does not say. */
function identityOf({ headers }: WebAnswer): string {
  return headers.etag?.replace(/^W\//, "") ?? headers["last-modified"] ?? "unmarked";
}

/** The digest that the server itself tells of the whole content. */
function digestIn({ headers }: WebAnswer): string | undefined {
  const told = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(String(headers["repr-digest"] ?? ""))?.[1];
  return told === undefined ? undefined : Buffer.from(told, "base64").toString("hex");
}

function refused({ status }: WebAnswer): Error {
  const hint = {
    401: "Give what lets a reader in by serving.sources.credentials or the environment.",
    403: "Give what lets a reader in by serving.sources.credentials or the environment.",
    404: "Correct the address of the source.",
  }[status];
  return servingErrors.SERVING_SOURCE_FAILED({ what: "The server", problem: `answered ${status}`, hint });
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
