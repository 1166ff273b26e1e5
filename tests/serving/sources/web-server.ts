import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface WebServer {
  url: string;
  files: Map<string, Buffer>;
  /** Method, path, range and authorization of each request. */
  requests: { line: string; range: string | undefined; authorization: string | undefined }[];
  /** Answers instead of the server, where it gives true. */
  trouble: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** A web server with files, entity tags and ranges. */
export async function startWeb(t: { after(end: () => unknown): void }): Promise<WebServer> {
  const web: WebServer = { url: "", files: new Map(), requests: [], trouble: undefined };
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    web.requests.push({ line: `${request.method} ${request.url}`, range, authorization });
    if (web.trouble?.(request, response)) return;
    const file = web.files.get(request.url!);
    if (file === undefined) return void response.writeHead(404).end();
    const etag = `"${createHash("sha1").update(file).digest("hex")}"`;
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const part = file.subarray(start);
    const headers = { etag, "content-length": part.byteLength, "accept-ranges": "bytes" };
    if (start > 0)
      response.writeHead(206, { ...headers, "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}` });
    else response.writeHead(200, headers);
    response.end(request.method === "HEAD" ? undefined : part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  web.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return web;
}
