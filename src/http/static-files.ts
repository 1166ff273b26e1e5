import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProjectSettings } from "#kernel";
import fastifyStatic from "@fastify/static";
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

/** Serves files of folders, with ETags. Browsers ask each time whether a file changed; hidden files are not served. */
export async function serveStaticFiles(
  server: FastifyInstance,
  { prefix, directories }: StaticFiles,
  maxAge: number,
): Promise<void> {
  if (directories.length === 0) return;
  await server.register(fastifyStatic, {
    root: [...directories],
    prefix,
    decorateReply: false,
    dotfiles: "ignore",
    index: false,
    cacheControl: true,
    maxAge: maxAge * 1000,
  });
}
