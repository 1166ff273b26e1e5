import type { AddressInfo } from "node:net";
import { createServer, request as ask, type IncomingMessage } from "node:http";
import S3rver from "s3rver";
import { S3Storage } from "cortado/storage";
import { temporaryFolder } from "../../temporary-folder.ts";

// The credentials that the server knows.
process.env["AWS_ACCESS_KEY_ID"] = "S3RVER";
process.env["AWS_SECRET_ACCESS_KEY"] = "S3RVER";

export interface TestS3 {
  endpoint: string;
  /** A bucket's part as a source, and as a storage to write to. */
  source(prefix: string): string;
  storage(prefix: string): S3Storage;
  /** Method, path and range of each request. */
  requests: string[];
  /** Is asked before each request is passed on: the bytes after which its answer is cut, or a status to answer with. */
  trouble: ((request: IncomingMessage) => { cutAfter?: number; status?: number; hang?: boolean } | undefined) | undefined;
}

/** A real S3 server, behind one that can make trouble. */
export async function startS3(t: { after(end: () => unknown): void }): Promise<TestS3> {
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: temporaryFolder(t),
    configureBuckets: [{ name: "bucket", configs: [] }],
  });
  const { port } = await server.run();
  t.after(() => server.close());
  const opened: S3Storage[] = [];
  const front: TestS3 = { endpoint: "", requests: [], trouble: undefined, source, storage };
  const proxy = createServer((request, response) => {
    front.requests.push(`${request.method} ${request.url} ${request.headers.range ?? ""}`.trim());
    const { cutAfter, status, hang } = front.trouble?.(request) ?? {};
    if (hang) return;
    if (status !== undefined) return void response.writeHead(status).end();
    const { method, url, headers } = request;
    const onward = ask({ port, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      let sent = 0;
      answer.on("data", (chunk: Buffer) => {
        sent += chunk.byteLength;
        if (cutAfter === undefined || sent <= cutAfter) return void response.write(chunk);
        response.write(chunk.subarray(0, Math.max(0, chunk.byteLength - (sent - cutAfter))), () => response.destroy());
        answer.destroy();
      });
      answer.on("end", () => response.end());
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    for (const each of opened) await each.close();
    proxy.closeAllConnections();
    proxy.close();
  });
  front.endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return front;

  function source(prefix: string): string {
    return `s3://bucket/${prefix}?endpoint=${front.endpoint}`;
  }
  function storage(prefix: string): S3Storage {
    const made = new S3Storage(`${source(prefix)}&overwrite=true`);
    opened.push(made);
    return made;
  }
}
