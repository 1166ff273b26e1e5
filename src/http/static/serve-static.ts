import { contentTypeHeader } from "#kernel";
import { send } from "@fastify/send";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { preferredCoding } from "../accept-encoding.ts";
import { type CompressedForm, compressedForms } from "./compress-static.ts";
import type { StaticFolder } from "./find-static.ts";
import { forever, type StaticManifest } from "./static-manifest.ts";

/** What is served under one prefix. */
export interface StaticFiles {
  /** Where they are served: `/static/`. */
  prefix: string;
  /** The folders that are looked into, the first that has the file wins. */
  directories: readonly (string | StaticFolder)[];
  /** What was collected, in the one folder: names that never change what they mean, and compressed forms. */
  collected?: StaticManifest | undefined;
}

/** Serves files of folders, with ETags and ranges. Browsers ask each time whether a file changed; hidden files are not served. */
export async function serveStaticFiles(server: FastifyInstance, files: StaticFiles, maxAge: number): Promise<void> {
  if (files.directories.length === 0 || !files.prefix.startsWith("/")) return;
  const folders = files.directories.map((one) => (typeof one === "string" ? { prefix: "", directory: one } : one));
  server.route({
    method: ["GET", "HEAD"],
    url: `${files.prefix}*`,
    async handler(request, reply) {
      const path = pathBelow(files.prefix, request.raw.url!);
      if (path === undefined) return reply.callNotFound();
      const name = decodeURIComponent(path).slice(1);
      for (const { prefix, directory } of folders) {
        if (!name.startsWith(prefix)) continue;
        const own = prefix === "" ? path : path.slice(encodeURI(prefix).length);
        const found = { root: directory, path: own, name, maxAge, collected: files.collected };
        if (await answerFile(request, reply, found)) return reply;
      }
      return reply.callNotFound();
    },
  });
}

interface FoundFile {
  readonly root: string;
  /** Still escaped, with a slash before. */
  readonly path: string;
  readonly name: string;
  readonly maxAge: number;
  readonly collected: StaticManifest | undefined;
}

/** Sends a file, compressed where the client takes that; false where it is not there. */
async function answerFile(request: FastifyRequest, reply: FastifyReply, found: FoundFile): Promise<boolean> {
  const { root, path, name, maxAge, collected } = found;
  const forms = collected?.encodingsOf(name) ?? [];
  const form = formFor(request, forms);
  const options = { dotfiles: "ignore", index: false, root, maxAge: maxAge * 1000 } as const;
  const sent = await send(request.raw, form === undefined ? path : `${path}.${form.suffix}`, options);
  if (sent.type === "directory" || sent.statusCode === 404) return false;
  reply.code(sent.statusCode).headers(sent.headers);
  const type = contentTypeHeader(name);
  const hasType = type !== "application/octet-stream" && sent.type === "file";
  if (hasType && !String(sent.headers["Content-Range"] ?? "").includes("*")) void reply.header("content-type", type);
  if (collected?.isHashed(name)) void reply.header("cache-control", forever);
  if (forms.length > 0) void reply.header("vary", "Accept-Encoding");
  if (form !== undefined) void reply.header("content-encoding", form.coding);
  void reply.send(sent.stream);
  return true;
}

/** The compressed form to send; a part of a file is a part of it uncompressed. */
function formFor({ headers }: FastifyRequest, suffixes: readonly string[]): CompressedForm | undefined {
  if (suffixes.length === 0 || headers.range !== undefined) return undefined;
  const forms = compressedForms.filter(({ suffix }) => suffixes.includes(suffix));
  const coding = preferredCoding(
    headers["accept-encoding"],
    forms.map((form) => form.coding),
  );
  return forms.find((form) => form.coding === coding);
}

/** A request's path without the prefix, still escaped; undefined where it does not simply go down to a file. */
function pathBelow(prefix: string, url: string): string | undefined {
  const path = `/${url.slice(prefix.length).split("?", 1)[0]}`;
  const names = decodeURIComponent(path).slice(1).split("/");
  return names.some((name) => name === "" || name.startsWith(".") || /[\\\0]/.test(name)) ? undefined : path;
}
