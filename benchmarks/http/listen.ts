import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { defineProject, openProject, type ProjectOptions } from "cortado";
import type { FastifyInstance } from "fastify";

/** Opens a project as it runs in production, on a free port, and answers the port. */
export async function listenWithProject(options: Omit<ProjectOptions, "secretKey">): Promise<number> {
  const secretKey = "a key for benchmarks, which is long enough";
  const project = await openProject(defineProject({ mode: "production", secretKey, database: "sqlite::memory:", ...options }));
  return Number(new URL(await project.listen({ port: 0 })).port);
}

export async function listenWithFastify(server: FastifyInstance): Promise<number> {
  await server.listen({ host: "127.0.0.1", port: 0 });
  return portOf(server.server);
}

/** The port of a server that was told to listen on a free one. */
export async function listenWithNode(server: Server): Promise<number> {
  if (!server.listening) await once(server, "listening");
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
