import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The folder of the packages that a folder of tests has for itself, by its `package.json` and lock, installed on first use;
 * undefined where they cannot be had. Several test files may come here at once: each installs beside, and the first puts its
 * work in place.
 */
export function installPackages(from: string, name: string, options: readonly string[] = []): string | undefined {
  const folder = resolve(import.meta.dirname, "../../var", name);
  if (existsSync(join(folder, "node_modules"))) return folder;
  const beside = `${folder}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(from, file), join(beside, file));
  const all = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...options];
  const { status } = spawnSync("npm", all, { cwd: beside, stdio: "ignore", timeout: 240_000 });
  try {
    if (status === 0) renameSync(beside, folder);
  } catch {
    // Another was first.
  }
  rmSync(beside, { recursive: true, force: true });
  return existsSync(join(folder, "node_modules")) ? folder : undefined;
}
