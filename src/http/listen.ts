import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { httpErrors } from "./errors.ts";

const reasons: Record<string, string> = {
  EADDRINUSE: "another process listens there",
  EACCES: "this user may not",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "nothing is known by this name",
};

/** Makes a server listen, and answers where, as a URL. Port 0 takes a free one. @throws HTTP_CANNOT_LISTEN */
export async function listen(
  server: FastifyInstance,
  { host = "127.0.0.1", port }: { host?: string | undefined; port: number },
): Promise<string> {
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? ""];
    throw reason === undefined ? error : httpErrors.HTTP_CANNOT_LISTEN({ host, port, reason });
  });
  const address = server.server.address() as AddressInfo;
  const scheme = server.initialConfig.https ? "https" : "http";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}
