import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Files = Record<string, string | Uint8Array>;
type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Repository {
  /** The files of each commit, and which commit a branch or tag names. */
  commits: Map<string, Map<string, Buffer>>;
  refs: Map<string, string>;
  /** Tells nobody of itself who has not this token. */
  token?: string;
  /** Shows its list to everyone, and gives files to who has this token. */
  gatedFor?: string;
}

export interface HubServer {
  url: string;
  /** The server that sends large files. */
  cdn: string;
  repositories: Map<string, Repository>;
  requests: { line: string; range: string | undefined; authorization: string | undefined; from: "hub" | "cdn" }[];
  /** Answers instead of the hub, or of the other server, where it gives true. */
  trouble: Trouble | undefined;
  cdnTrouble: Trouble | undefined;
  /** Puts a commit on a branch, and gives its name. */
  commit(name: string, files: Files, branch?: string): string;
}

/** Files of so many bytes and more are sent by the other server. */
const LARGE = 1000;
const hash = (algorithm: string, ...parts: (string | Buffer)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHash(algorithm)).digest("hex");
const blobId = (content: Buffer) => hash("sha1", `blob ${content.byteLength}\0`, content);
/** What the repository's list calls a large file is its pointer's name. */
const pointerOf = (content: Buffer) =>
  Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${hash("sha256", content)}\nsize ${content.byteLength}\n`);

/** A hub of models: it lists the files of revisions, sends small ones itself, and to another server for large ones. */
export async function startHub(t: { after(end: () => unknown): void }): Promise<HubServer> {
  let count = 0;
  const hub: HubServer = {
    url: "",
    cdn: "",
    repositories: new Map(),
    requests: [],
    trouble: undefined,
    cdnTrouble: undefined,
    commit(name, files, branch = "main") {
      const repository = this.repositories.get(name) ?? { commits: new Map(), refs: new Map() };
      this.repositories.set(name, repository);
      const commit = hash("sha1", `${name} ${count++}`);
      repository.commits.set(
        commit,
        new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as Uint8Array)])),
      );
      repository.refs.set(branch, commit);
      return commit;
    },
  };
  const note = (request: IncomingMessage, from: "hub" | "cdn") => {
    const { range, authorization } = request.headers;
    hub.requests.push({ line: `${request.method} ${request.url}`, range, authorization, from });
  };
  hub.url = await listen(t, (request, response) => {
    note(request, "hub");
    if (!hub.trouble?.(request, response)) answer(hub, request, response);
  });
  hub.cdn = await listen(t, (request, response) => {
    note(request, "cdn");
    if (hub.cdnTrouble?.(request, response)) return;
    const digest = /^\/blobs\/([0-9a-f]{64})\?signature=once$/.exec(request.url!)?.[1];
    const all = [...hub.repositories.values()].flatMap(({ commits }) =>
      [...commits.values()].flatMap((files) => [...files.values()]),
    );
    const content = all.find((each) => hash("sha256", each) === digest);
    if (content === undefined) return void response.writeHead(403).end();
    send(request, response, { content, etag: digest! });
  });
  return hub;
}

async function listen(t: { after(end: () => unknown): void }, onRequest: (q: IncomingMessage, a: ServerResponse) => void) {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(hub: HubServer, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url!, hub.url);
  const listing = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(pathname);
  const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
  const [, name = "", ref = ""] = listing ?? file ?? [];
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const refuse = (status: number, code?: string, message = "no") =>
    void response
      .writeHead(status, code ? { "x-error-code": code, "x-error-message": message } : {})
      .end(JSON.stringify({ error: message }));
  const repository = hub.repositories.get(name);
  if (repository === undefined || (repository.token !== undefined && token !== repository.token))
    return token === undefined ? refuse(401, undefined, "Invalid username or password.") : refuse(404, "RepoNotFound");
  const revision = decodeURIComponent(ref);
  const commit = repository.commits.has(revision) ? revision : repository.refs.get(revision);
  if (commit === undefined) return refuse(404, "RevisionNotFound", `Invalid rev id: ${revision}`);
  const files = repository.commits.get(commit)!;
  if (listing) {
    const siblings = [...files].map(([rfilename, content]) => siblingOf(rfilename, content));
    const gated = repository.gatedFor === undefined ? false : "manual";
    response.writeHead(200, { "content-type": "application/json" });
    return void response.end(JSON.stringify({ id: name, sha: commit, private: false, gated, siblings }));
  }
  if (repository.gatedFor !== undefined && token !== repository.gatedFor)
    return refuse(token === undefined ? 401 : 403, "GatedRepo", "Access to this model is restricted.");
  const content = files.get(file![3]!.split("/").map(decodeURIComponent).join("/"));
  if (content === undefined) return refuse(404, "EntryNotFound");
  const large = { "x-repo-commit": commit, "x-linked-size": content.byteLength, "x-linked-etag": `"${hash("sha256", content)}"` };
  if (content.byteLength < LARGE) return send(request, response, { content, etag: blobId(content) });
  response.writeHead(302, { ...large, location: `${hub.cdn}/blobs/${hash("sha256", content)}?signature=once` }).end("Found");
}

function siblingOf(rfilename: string, content: Buffer) {
  const size = content.byteLength;
  if (size < LARGE) return { rfilename, size, blobId: blobId(content) };
  const pointer = pointerOf(content);
  const lfs = { sha256: hash("sha256", content), size, pointerSize: pointer.byteLength };
  return { rfilename, size, blobId: blobId(pointer), lfs };
}

function send(request: IncomingMessage, response: ServerResponse, { content, etag }: { content: Buffer; etag: string }): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = content.subarray(start);
  const headers = { etag: `"${etag}"`, "content-length": rest.byteLength };
  const part = { "content-range": `bytes ${start}-${content.byteLength - 1}/${content.byteLength}` };
  response.writeHead(start > 0 ? 206 : 200, start > 0 ? { ...headers, ...part } : headers).end(rest);
}
