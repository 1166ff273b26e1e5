import { servingErrors } from "../errors.ts";
import { isSafePath } from "./safe-path.ts";

/** Files of this machine. */
export interface FileAddress {
  kind: "file";
  path: string;
  shown: string;
}

/** What lies under a prefix of a bucket. */
export interface S3Address {
  kind: "s3";
  url: string;
  bucket: string;
  endpoint: string;
  /** The names between the slashes. */
  path: readonly string[];
  shown: string;
}

/** A folder of a git repository at a branch, a tag or a commit. */
export interface GitAddress {
  kind: "git";
  /** `https://host/owner/repository.git`, without anything secret. */
  url: string;
  origin: string;
  path: readonly string[];
  /** Undefined for the branch that the repository shows first. */
  ref: string | undefined;
  /** `""` for the whole. */
  folder: string;
  shown: string;
}

/** The model of a repository on Hugging Face's hub, or one that speaks its language, at a branch, a tag or a commit. */
export interface HubAddress {
  kind: "hub";
  /** The owner and the repository. */
  path: readonly string[];
  /** Undefined for `main`. */
  ref: string | undefined;
  /** The folder or the file that is the model; `""` where the repository says it itself. */
  folder: string;
  shown: string;
}

/** An archive, or a single file, on a web server. */
export interface WebAddress {
  kind: "https";
  url: string;
  origin: string;
  path: readonly string[];
  /** What its SHA-256 must be. */
  sha256: string | undefined;
  shown: string;
}

/** A `source`, taken to pieces. Two that mean the same place read the same. */
export type SourceAddress = FileAddress | S3Address | GitAddress | HubAddress | WebAddress;

/** A source that lies elsewhere. */
export type RemoteAddress = Exclude<SourceAddress, FileAddress>;

/** How sources begin. */
export const sourceSchemes = ["file:", "s3://", "github:", "git+https://", "hf:", "https://"] as const;

/** True for what reads as an address and not as the path of a folder. */
export function isSourceAddress(text: string): boolean {
  return /^(?:file|github|hf):|^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

const refPattern = /^[A-Za-z0-9][\w./+-]{0,200}$/;
const hubPattern = /^hf:([A-Za-z0-9][\w.-]*)\/([A-Za-z0-9_][\w.-]*)(?:@([^#]*))?(?:#(.*))?$/s;
/** As its other programs write it: the folder behind the revision, which may have slashes only where it begins with `refs/`. */
const hubUrlPattern = /^hf:\/\/([^/@#]+\/[^/@#]+)(?:@(refs\/(?:pr|convert)\/[^/#]+|[^/#]+))?(?:\/([^#]*))?$/s;
const githubPattern = /^([A-Za-z0-9][\w-]*)\/([A-Za-z0-9_.][\w.-]*?)(?:\.git)?$/;

/**
 * Reads a source: `file:models/digits`, `s3://bucket/digits?endpoint=…`, `github:owner/repo@v1.2#models/digits`,
 * `git+https://host/repo.git@main#digits`, `hf:owner/repo@main#onnx`, `https://host/digits.zip#sha256:…`.
 * @throws SERVING_UNKNOWN_SOURCE, SERVING_BAD_SOURCE
 */
export function parseSource(source: string, model: string): SourceAddress {
  if (source.startsWith("file:") && !source.startsWith("file://"))
    return { kind: "file", path: source.slice("file:".length), shown: source };
  if (source.startsWith("s3://")) return parseS3(source);
  if (source.startsWith("github:")) return parseGit(githubUrl(source), source);
  if (/^git\+https?:\/\//.test(source)) return parseGit(source.slice("git+".length), source);
  if (source.startsWith("hf:")) return parseHub(source);
  if (/^https?:\/\//.test(source)) return parseWeb(source);
  throw servingErrors.SERVING_UNKNOWN_SOURCE({ source: shownSource(source), model, known: sourceSchemes });
}

/** A source as it may be shown: without what somebody may have put into it that is not for everyone. */
export function shownSource(source: string): string {
  return source.replace(/^([a-z0-9+]+:\/\/)[^/@?#]*@/i, "$1…@").replace(/\?[^#]*/, "?…");
}

function refuse(source: string, problem: string): Error {
  return servingErrors.SERVING_BAD_SOURCE({ source: shownSource(source), problem });
}

function parseS3(source: string): S3Address {
  const url = parseUrl(source, source);
  const endpoint = url.searchParams.get("endpoint")?.replace(/\/+$/, "") ?? "";
  if (url.hash !== "") throw refuse(source, 'has a "#", which addresses of S3 do not');
  return {
    kind: "s3",
    url: source,
    bucket: url.hostname,
    endpoint,
    path: namesOf(url, source),
    shown: source.replace(/\?.*/, ""),
  };
}

function githubUrl(source: string): string {
  const [, name = "", rest = ""] = /^github:([^@#]*)(.*)$/s.exec(source) ?? [];
  const [, owner, repository] = githubPattern.exec(name) ?? [];
  if (owner === undefined || repository === undefined || /^\.+$/.test(repository))
    throw refuse(source, 'does not name a repository as "github:owner/repository"');
  // GitHub's own programs read this where an organisation has a GitHub of its own.
  const server = process.env["GITHUB_SERVER_URL"] ?? "https://github.com";
  return `${server.replace(/\/+$/, "")}/${owner}/${repository}.git${rest}`;
}

function parseHub(source: string): HubAddress {
  const [, name, revision, inside = ""] = hubUrlPattern.exec(source) ?? [];
  const plain =
    name === undefined
      ? source
      : `hf:${name}${revision ? `@${revision.replaceAll(/%2f/gi, "/")}` : ""}${inside ? `#${inside}` : ""}`;
  const [, owner, repository, ref, folder = ""] = hubPattern.exec(plain) ?? [];
  if (owner === undefined || repository === undefined || /\.\./.test(owner + repository))
    throw refuse(source, 'does not name a repository as "hf:owner/repository"');
  return { kind: "hub", path: [owner, repository], ref: refOf(ref, source), folder: folderOf(folder, source), shown: source };
}

function refOf(ref: string | undefined, source: string): string | undefined {
  if (ref === undefined || (refPattern.test(ref) && !/\.\.|\/\/|[./]$|\.lock$/.test(ref))) return ref;
  throw refuse(source, `names "${ref}", which cannot be a branch, a tag or a commit`);
}

function folderOf(folder: string, source: string): string {
  const inside = folder.replace(/^\/+|\/+$/g, "");
  if (inside === "" || isSafePath(inside)) return inside;
  throw refuse(source, `names the folder "${folder}", which is not one inside it`);
}

function parseGit(text: string, source: string): GitAddress {
  const [before, folder = ""] = splitOnce(text, "#");
  const at = before.lastIndexOf("@");
  // An "@" before the path belongs to credentials, which are refused below.
  const hasRef = at > before.indexOf("/", "https://".length);
  const url = parseUrl(hasRef ? before.slice(0, at) : before, source);
  const ref = refOf(hasRef ? before.slice(at + 1) : undefined, source);
  if (url.search !== "") throw refuse(source, 'has a "?", which addresses of git do not');
  const inside = folderOf(folder, source);
  const path = namesOf(url, source);
  if (path.length === 0) throw refuse(source, "names no repository");
  return { kind: "git", url: `${url.origin}${url.pathname}`, origin: url.origin, path, ref, folder: inside, shown: source };
}

function parseWeb(source: string): WebAddress {
  const [before, fragment = ""] = splitOnce(source, "#");
  const url = parseUrl(before, source);
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(fragment) ?? [];
  if (fragment !== "" && sha256 === undefined)
    throw refuse(source, 'has something behind "#" that is not "sha256:" and 64 hexadecimal digits');
  const path = namesOf(url, source);
  if (path.length === 0) throw refuse(source, "names no file");
  return { kind: "https", url: url.href, origin: url.origin, path, sha256, shown: `${url.origin}${url.pathname}` };
}

function parseUrl(text: string, source: string): URL {
  if (/[\s\\\0]/.test(text)) throw refuse(source, "has a space, a backslash or an unprintable character");
  const url = URL.parse(text);
  if (url === null || url.hostname === "") throw refuse(source, "is not a complete address");
  if (url.username !== "" || url.password !== "")
    throw refuse(source, "has credentials in it, which stand in the setting serving.sources.credentials or in the environment");
  return url;
}

/** The names of a path, decoded once. What would be a path inside a name, or climb, is refused. */
function namesOf(url: URL, source: string): string[] {
  const names = url.pathname.split("/").filter(Boolean);
  return names.map((name) => {
    let decoded: string;
    try {
      decoded = decodeURIComponent(name);
    } catch {
      throw refuse(source, `has "${name}" in it, which is not written as addresses are`);
    }
    if (!isSafePath(decoded) || decoded.includes("/")) throw refuse(source, `has "${name}" in it, which is not a plain name`);
    return decoded;
  });
}

function splitOnce(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
