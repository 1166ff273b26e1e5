import { createHash } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { servingErrors } from "../../errors.ts";
import { readNames } from "../version-folders.ts";
import type { GitAddress } from "../source-address.ts";
import { withFolderLock } from "./folder-lock.ts";
import { writeBlobs } from "./git-blobs.ts";
import { git, type GitOptions } from "./git-program.ts";
import type { Delivery, RemoteOrigin, RemoteTree, VersionFile } from "./remote-origin.ts";
import { within } from "./within.ts";

export interface GitOriginOptions {
  /** The value of an `Authorization` header. */
  authorization: string | undefined;
  /** The folder in which downloads are kept: its objects lie in `git/` there, and may be removed at any time. */
  cache: string;
  /** Milliseconds without a byte after which it is given up. */
  patience: number;
  maxSize: number;
}

const isCommit = (ref: string): boolean => /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(ref);
/** Milliseconds between two looks at how much has come. */
const MEASURE_EVERY = 250;
/** Files of fetched objects, of which each fetch leaves three or four. */
const MOST_PACKS = 1_000;

/**
 * How it works: the commit of the branch or tag is asked for; where it is another one, that commit alone is fetched, and of
 * it, where the server can, the names of its files and no contents. The contents of a version's files are fetched when it is
 * loaded, and written by their objects: nothing is ever checked out, so that no hook, filter, link or submodule has a part.
 */
export class GitOrigin implements RemoteOrigin {
  readonly layout = "tree";
  readonly shown: string;
  readonly identity: string;
  readonly name: string;
  readonly #address: GitAddress;
  readonly #options: GitOriginOptions;
  /** The repository of our own, which has objects and nothing else. */
  readonly #directory: string;
  #last: RemoteTree | undefined;

  constructor(address: GitAddress, options: GitOriginOptions) {
    const { url, ref = "", folder, shown, path } = address;
    this.#address = address;
    this.#options = options;
    this.#directory = join(options.cache, "git", createHash("sha256").update(url).digest("hex").slice(0, 24));
    this.shown = shown;
    this.identity = `git ${url} ${ref} ${folder}`;
    this.name = folder.split("/").at(-1) || path.at(-1)!.replace(/\.git$/, "");
  }

  demandTools(): Promise<unknown> {
    return git(["--version"], { directory: tmpdir(), signal: AbortSignal.timeout(this.#options.patience) });
  }

  async look(signal: AbortSignal): Promise<RemoteTree> {
    const git = await this.#opened(signal);
    const commit = await within(this.#options.patience, signal, (patient) => this.#commit({ ...git, signal: patient }));
    if (this.#last?.revision === commit) return this.#last;
    await this.#locked(async () => {
      await this.#fetchObjects([commit], git);
      this.#last = { files: await this.#files(commit, git), revision: commit, atomic: true };
    }, signal);
    return this.#last!;
  }

  async fetch(files: readonly VersionFile[], delivery: Delivery): Promise<void> {
    await this.#locked(async () => {
      const git = await this.#opened(delivery.signal);
      const known = await this.#present(files, git);
      const missing = new Set(files.filter(({ id }) => !known.has(id)).map(({ id }) => id));
      if (missing.size > 0) await this.#fetchObjects([...missing], git);
      await writeBlobs(files, delivery, git);
    }, delivery.signal);
  }

  /** One at a time, in all processes: git does not fetch into one repository twice at once. */
  async #locked(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const directory = this.#directory;
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await withFolderLock(`${directory}.lock`, work, signal);
  }

  /** The commit that the branch, the tag or the repository itself names now. */
  async #commit(options: GitOptions): Promise<string> {
    const { ref, url } = this.#address;
    if (ref !== undefined && isCommit(ref)) return ref;
    const wanted = ref === undefined ? ["HEAD"] : [`refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/heads/${ref}`];
    const listed = await git(["ls-remote", "--", url, ...wanted], options);
    const commits = new Map(listed.split("\n").map((line) => line.split("\t").reverse() as [string, string]));
    const found = wanted.map((name) => commits.get(name)).find((commit) => commit !== undefined && isCommit(commit));
    if (found !== undefined) return found;
    const what = ref === undefined ? "has no commit yet" : `has no branch and no tag "${ref}"`;
    const hint = "A commit is named by all of its 40 digits.";
    throw servingErrors.SERVING_SOURCE_FAILED({ what: "The repository", problem: what, hint });
  }

  async #opened(signal: AbortSignal): Promise<GitOptions> {
    const directory = this.#directory;
    // Nothing tidies it up: it is begun anew instead, for all in it can be had again.
    if ((await readNames(join(directory, "objects", "pack"))).length > MOST_PACKS)
      await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const isThere = await stat(join(directory, "HEAD")).catch(() => undefined);
    if (!isThere) await git(["init", "-q", "--bare", "--template=", "."], { directory, signal });
    const { authorization, patience } = this.#options;
    return { directory, signal, url: this.#address.url, authorization, patience };
  }

  /** Fetches a commit with the names of its files, or contents of files, up to the size that a version may have. */
  async #fetchObjects(objects: readonly string[], options: GitOptions): Promise<void> {
    const { maxSize } = this.#options;
    const directory = this.#directory;
    const tooMuch = new AbortController();
    const before = await sizeOfFolder(directory);
    const timer = setInterval(() => {
      // A folder that cannot be looked at now is looked at again.
      sizeOfFolder(directory).then((size) => void (size - before > maxSize && tooMuch.abort()), () => {}); // oxfmt-ignore
    }, MEASURE_EVERY);
    const signal = AbortSignal.any([options.signal, tooMuch.signal]);
    const flags = ["--depth=1", "--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--quiet"];
    try {
      const input = `${objects.join("\n")}\n`;
      await git(["fetch", ...flags, "--stdin", "--", this.#address.url], { ...options, signal, input });
    } catch (error) {
      if (!tooMuch.signal.aborted) throw error;
      await rm(directory, { recursive: true, force: true });
      const problem = `has more than the ${maxSize} bytes that a version may have`;
      throw servingErrors.SERVING_BAD_ARTIFACT({ file: "The repository", problem });
    } finally {
      clearInterval(timer);
      await forgetRemote(directory);
    }
  }

  /** The files of the folder. Links and submodules are refused: what they mean lies outside. */
  async #files(commit: string, options: GitOptions): Promise<RemoteTree["files"]> {
    const { folder } = this.#address;
    const prefix = folder === "" ? "" : `${folder}/`;
    const listed = await git(["ls-tree", "-r", "-z", "--full-tree", commit, ...(prefix ? ["--", prefix] : [])], options);
    const lines = listed.split("\0").filter(Boolean);
    if (lines.length === 0 && folder !== "") {
      const what = `The commit ${commit.slice(0, 12)}`;
      throw servingErrors.SERVING_SOURCE_FAILED({ what, problem: `has no folder "${folder}"` });
    }
    return lines.map((line) => {
      const [, mode = "", id = "", path = ""] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
      const file = { path: path.slice(prefix.length), size: -1, id };
      // What is no file of its own keeps its mode in its id, so that a version which has it is refused when it is fetched.
      return mode === "100644" || mode === "100755" ? file : { ...file, id: `${mode} ${id}` };
    });
  }

  /** Those objects that are here already. */
  async #present(files: readonly VersionFile[], options: GitOptions): Promise<Set<string>> {
    for (const { id, place } of files) {
      const kind = { "120000": "a link", "160000": "a submodule" }[id.split(" ")[0]!];
      if (kind !== undefined)
        throw servingErrors.SERVING_BAD_ARTIFACT({ file: place, problem: `is ${kind}, and only files are taken` });
    }
    const input = files.map(({ id }) => `${id}\n`).join("");
    const told = await git(["cat-file", "--batch-check"], { directory: options.directory, signal: options.signal, input });
    return new Set([...told.matchAll(/^(\w+) blob \d+$/gm)].map(([, id]) => id!));
  }
}

/** A fetch notes where missing contents would come from, and git would then go there unasked, whenever it misses one. */
async function forgetRemote(directory: string): Promise<void> {
  if (await stat(directory).catch(() => undefined))
    await writeFile(join(directory, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
}

/** Bytes of the packs in a repository: what is being fetched lies there. */
async function sizeOfFolder(directory: string): Promise<number> {
  const packs = join(directory, "objects", "pack");
  const sizes = (await readNames(packs)).map(async (name) => (await stat(join(packs, name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
