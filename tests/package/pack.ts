import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

const root = resolve(import.meta.dirname, "../..");

/** Packs the package as publishing would, and answers the tarball's path. */
export function packCortado(): string {
  const folder = temporaryFolder();
  const out = execFileSync("npm", ["pack", "--pack-destination", folder, "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return join(folder, out.trim().split("\n").at(-1)!);
}
