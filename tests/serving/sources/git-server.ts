import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../temporary-folder.ts";

export interface GitServer {
  /** `http://127.0.0.1:port`. */
  url: string;
  /** Every request's method, path and `authorization`. */
  requests: { line: string; authorization: string | undefined }[];
  /** Makes a repository at `/owner/name.git`. */
  repository(path: string): GitWork;
  /** What it wants to be told; without it everybody may read. */
  authorization: string | undefined;
  /** Answers each request with this status, where it is set. */
  status: number | undefined;
}

/** A repository that the test writes. */
export interface GitWork {
  folder: string;
  git(...args: string[]): string;
  /** Makes a commit of these files beside those that are there, and gives its name. Null removes one. */
  commit(files: Readonly<Record<string, string | Uint8Array | null>>): string;
}

const identity = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

/** A real git server: `git http-backend` behind a server of HTTP. */
export async function startGitServer(t: { after(end: () => unknown): void }): Promise<GitServer> {
  const root = temporaryFolder(t);
  const server: GitServer = { url: "", requests: [], authorization: undefined, status: undefined, repository };
  const http = createServer((request, response) => {
    server.requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    if (server.status !== undefined) return void response.writeHead(server.status).end();
    if (server.authorization !== undefined && request.headers.authorization !== server.authorization)
      return void response.writeHead(401, { "www-authenticate": "Basic" }).end();
    runBackend(root, request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;

  function repository(path: string): GitWork {
    const folder = join(root, path);
    mkdirSync(folder, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, ...identity },
        stdio: ["ignore", "pipe", "pipe"],
      }).trim();
    git("init", "-q", "-b", "main", ".");
    git("config", "uploadpack.allowFilter", "true");
    const commit: GitWork["commit"] = (files) => {
      for (const [name, content] of Object.entries(files)) {
        if (content === null) rmSync(join(folder, name), { recursive: true, force: true });
        else {
          mkdirSync(dirname(join(folder, name)), { recursive: true });
          writeFileSync(join(folder, name), content);
        }
      }
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", "change");
      return git("rev-parse", "HEAD");
    };
    return { folder, git, commit };
  }
}

/** Speaks CGI with `git http-backend`. */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url!, "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: request.headers["git-protocol"] as string | undefined,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    },
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => {});
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (head === undefined) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    let status = 200;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/s);
      if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  child.on("close", () => response.end());
}
