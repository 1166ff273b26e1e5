import type { TestContext } from "node:test";
import { createServer, type ServerOptions, type UrlPattern } from "cortado/http";
import type { FastifyInstance } from "fastify";

type Settings = ServerOptions["services"]["settings"];

/** A server over these addresses, closed when the test ends. Every answer shows only what a stranger may see unless debug is set. */
export async function openSite(
  t: TestContext,
  urls: readonly UrlPattern[],
  { settings = {}, ...options }: { settings?: Partial<Settings> } & Partial<Omit<ServerOptions, "services">> = {},
): Promise<FastifyInstance> {
  const project = {
    apps: [],
    secretKey: "a secret key that is long enough for tests",
    debug: false,
    mode: "test",
    root: import.meta.dirname,
    allowedHosts: ["localhost", ".example.com"],
    urls,
    ...settings,
  } as unknown as Settings;
  const server = await createServer({ services: { settings: project }, ...options });
  t.after(() => server.close());
  return server;
}

interface Answer {
  cookies: readonly unknown[];
}

/** The cookies of an answer, to be sent with the next request. */
export function cookiesOf(answer: Answer): Record<string, string> {
  const set = answer.cookies as readonly { name: string; value: string }[];
  return Object.fromEntries(set.filter(({ value }) => value !== "").map(({ name, value }) => [name, value]));
}

/** A multipart body of fields and files. */
export function multipart(parts: Readonly<Record<string, string | { name: string; content: string | Buffer }>>): {
  payload: Buffer;
  headers: Record<string, string>;
} {
  const boundary = "cortado-test-boundary";
  const pieces: (string | Buffer)[] = [];
  for (const [field, part] of Object.entries(parts)) {
    const file = typeof part === "string" ? "" : `; filename="${part.name}"\r\ncontent-type: application/octet-stream`;
    pieces.push(`--${boundary}\r\ncontent-disposition: form-data; name="${field}"${file}\r\n\r\n`);
    pieces.push(typeof part === "string" ? part : part.content, "\r\n");
  }
  pieces.push(`--${boundary}--\r\n`);
  const payload = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
  return { payload, headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}
