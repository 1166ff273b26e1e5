import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { isModelName } from "../names.ts";
import type { HubAddress } from "../source-address.ts";
import { digestOf } from "./digest-of.ts";
import { download } from "./download.ts";
import { eachOf } from "./each-of.ts";
import { hubFiles } from "./hub-files.ts";
import { hubRefusal } from "./hub-refusal.ts";
import { openContent } from "./open-content.ts";
import type { Delivery, RemoteFile, RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";
import { isGiven, type WebAnswer, WebClient, type WebClientOptions } from "./web-client.ts";
import { within } from "./within.ts";

export interface HubOriginOptions extends WebClientOptions {
  /** Where the hub is asked. */
  endpoint: string;
  /** Milliseconds without a byte after which a transfer is begun anew. */
  patience: number;
}

const TRANSFERS = 4;
/** The most bytes of a list of files. */
const LONGEST_LIST = 64 * 2 ** 20;
const isCommit = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{40}$/.test(text);

/**
 * How it works: the hub tells the commit of a branch or tag with the names, sizes and digests of its files; those of the model
 * are taken at that commit. Large files are sent by other servers, to which the hub sends on: they are followed to public
 * addresses, told no token, and what they send must fit the hub's digest.
 */
export class HubOrigin implements RemoteOrigin {
  readonly layout = "one";
  readonly shown: string;
  readonly identity: string;
  readonly name: string;
  readonly #address: HubAddress;
  readonly #options: HubOriginOptions;
  readonly #client: WebClient;
  #last: RemoteTree | undefined;

  constructor(address: HubAddress, options: HubOriginOptions) {
    const { path, ref = "", folder, shown } = address;
    this.#address = address;
    this.#options = options;
    this.#client = new WebClient({ ...options, anyPublic: true });
    this.shown = shown;
    this.identity = `hub ${options.endpoint} ${path.join("/")} ${ref} ${folder}`;
    this.name = isModelName(path[1]!) ? path[1]! : "model";
  }

  async look(signal: AbortSignal): Promise<RemoteTree> {
    const { ref, folder } = this.#address;
    // What a commit has never changes.
    if (this.#last !== undefined && isCommit(ref)) return this.#last;
    const { sha, siblings } = await within(this.#options.patience, signal, (patient) => this.#listing(patient));
    if (this.#last?.revision !== sha) this.#last = { files: hubFiles(siblings, folder), revision: sha, atomic: true };
    return this.#last!;
  }

  async fetch(files: readonly VersionFile[], delivery: Delivery): Promise<void> {
    const commit = this.#commitOf(files, delivery.revision);
    await eachOf(files, TRANSFERS, (file) => this.#fetchOne(file, commit, delivery));
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  /** The newest commit that has just these files; else the one that they were found in, which its owner may have removed since. */
  #commitOf(files: readonly VersionFile[], revision: string | undefined): string {
    const now = new Map(this.#last?.files.map(({ path, id }) => [path, id]));
    const isNow = files.every(({ path, id }) => now.get(path) === id);
    const commit = isNow ? this.#last?.revision : revision;
    if (isCommit(commit)) return commit;
    throw servingErrors.SERVING_SOURCE_FAILED({ what: "The version", problem: "has no commit that is known" });
  }

  async #listing(signal: AbortSignal): Promise<{ sha: string; siblings: RemoteFile[] }> {
    const { path, ref = "main" } = this.#address;
    const url = `${this.#options.endpoint}/api/models/${urlPath(path)}/revision/${encodeURIComponent(ref)}?blobs=true`;
    const answer = await this.#client.ask(url, { method: "GET", signal });
    if (!isGiven(answer)) {
      answer.body.destroy();
      throw this.#refused(answer);
    }
    const found = listingOf(await textOf(answer));
    if (found !== undefined) return found;
    throw servingErrors.SERVING_SOURCE_FAILED({ what: "The hub", problem: "answered with something that is no list of files" });
  }

  async #fetchOne(file: VersionFile, commit: string, { directory, maxSize, signal }: Delivery): Promise<void> {
    const path = join(directory, file.place);
    await mkdir(dirname(path), { recursive: true });
    const { endpoint, patience } = this.#options;
    const url = `${endpoint}/${urlPath(this.#address.path)}/resolve/${commit}/${urlPath(file.path.split("/"))}`;
    const refused = (answer: WebAnswer) => this.#refused(answer, file.path);
    await download({
      path,
      size: file.size,
      maxSize,
      patience,
      signal,
      open: (start, attempt) => openContent(this.#client, { url, start, signal: attempt, refused }),
      verify: (whole) => verify(whole, file),
    });
  }

  #refused(answer: WebAnswer, file?: string): Error {
    const { path, ref, shown } = this.#address;
    return hubRefusal(answer, { page: `${this.#options.endpoint}/${path.join("/")}`, ref: ref ?? "main", shown, file });
  }
}

const urlPath = (names: readonly string[]): string => names.map((name) => encodeURIComponent(name)).join("/");

/** The hub names large files by their SHA-256, and others as git does: by the SHA-1 of their length and content. */
async function verify(whole: string, { id, size, path }: VersionFile): Promise<void> {
  const [kind, digest] = id.split(":") as [string, string];
  const found = kind === "sha256" ? await digestOf("sha256", whole) : await digestOf("sha1", whole, `blob ${size}\0`);
  if (found === digest) return;
  throw servingErrors.SERVING_BAD_ARTIFACT({ file: path, problem: "has another digest than the hub says" });
}

async function textOf({ body }: WebAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > LONGEST_LIST)
      throw servingErrors.SERVING_SOURCE_FAILED({ what: "The hub", problem: `answers with more than ${LONGEST_LIST} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

interface Sibling {
  rfilename?: unknown;
  size?: unknown;
  blobId?: unknown;
  lfs?: { sha256?: unknown; size?: unknown } | null;
}

/** The commit and its files; undefined for what is no such list. */
function listingOf(text: string): { sha: string; siblings: RemoteFile[] } | undefined {
  let told: { sha?: unknown; siblings?: unknown } | null;
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    return undefined;
  }
  if (!isCommit(told?.sha) || !Array.isArray(told.siblings)) return undefined;
  const siblings = (told.siblings as (Sibling | null)[]).map(fileOf);
  return siblings.every((file) => file !== undefined) ? { sha: told.sha, siblings } : undefined;
}

function fileOf(sibling: Sibling | null): RemoteFile | undefined {
  const { rfilename: path, size, blobId, lfs } = sibling ?? {};
  const length = lfs?.size ?? size;
  const sha256 = lfs?.sha256;
  const isLarge = typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
  if (typeof path !== "string" || !Number.isSafeInteger(length) || (length as number) < 0) return undefined;
  if (lfs ? !isLarge : !isCommit(blobId)) return undefined;
  return { path, size: length as number, id: isLarge ? `sha256:${sha256}` : `git:${blobId as string}` };
}
