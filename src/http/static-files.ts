import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProjectSettings } from "#kernel";
import { send } from "@fastify/send";
import type { FastifyInstance } from "fastify";

export interface StaticFiles {
  /** Where they are served: `/static/`. */
  prefix: string;
  /** The folders that are looked into, the first that has the file wins. */
  directories: readonly string[];
}

/** The folders of a project's static files: its own `static` first, then those of its apps. */
export function staticDirectories({ root, apps }: ProjectSettings): string[] {
  const named = apps.flatMap((app) => app.staticFiles ?? (app.directory === undefined ? [] : join(app.directory, "static")));
  return [...new Set([join(root, "static"), ...named])].filter((directory) => existsSync(directory));
}

/** Serves files of folders, with ETags and ranges. Browsers ask each time whether a file changed; hidden files are not served. */
export async function serveStaticFiles(
  server: FastifyInstance,
  { prefix, directories }: StaticFiles,
  maxAge: number,
): Promise<void> {
  if (directories.length === 0) return;
  const options = { dotfiles: "ignore", index: false, maxAge: maxAge * 1000 } as const;
  server.route({
    method: ["GET", "HEAD"],
    url: `${prefix}*`,
    async handler(request, reply) {
      const path = pathBelow(prefix, request.raw.url!);
      if (path === undefined) return reply.callNotFound();
      for (const root of directories) {
        const { type, statusCode, headers, stream } = await send(request.raw, path, { ...options, root });
        if (type !== "directory" && statusCode !== 404) return reply.code(statusCode).headers(headers).send(stream);
      }
      return reply.callNotFound();
    },
  });
}

/** A request's path without the prefix, still escaped; undefined where it does not simply go down to a file. */
function pathBelow(prefix: string, url: string): string | undefined {
  const path = `/${url.slice(prefix.length).split("?", 1)[0]}`;
  const names = decodeURIComponent(path).slice(1).split("/");
  return names.some((name) => name === "" || name.startsWith(".") || /[\\\0]/.test(name)) ? undefined : path;
}
