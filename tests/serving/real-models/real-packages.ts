import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../var/real-models");

/** The folder of the packages with trained models, installed on first use; undefined where they cannot be had. */
export const realPackages: string | undefined = installed() ? folder : undefined;

/** Why a test of a real model is skipped, or false. */
export const skipped = realPackages === undefined && "the packages with trained models cannot be installed";

/** Several test files may come here at once: each installs beside, and the first puts its work in place. */
function installed(): boolean {
  if (existsSync(join(folder, "node_modules"))) return true;
  const beside = `${folder}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(import.meta.dirname, name), join(beside, name));
  const options = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["ci", ...options], { cwd: beside, stdio: "ignore", timeout: 240_000 });
  try {
    if (status === 0) renameSync(beside, folder);
  } catch {
    // Another was first.
  }
  rmSync(beside, { recursive: true, force: true });
  return existsSync(join(folder, "node_modules"));
}

/** A file of one of the packages. */
export function packageFile(path: string): string {
  return join(realPackages!, "node_modules", path);
}

/** Loads one of the packages. */
export function realPackage<T>(name: string): T {
  return createRequire(join(realPackages!, "package.json"))(name) as T;
}

/** Puts a copy of a package's file where a version is looked for. */
export function putFile(root: string, place: string, path: string): void {
  mkdirSync(dirname(join(root, place)), { recursive: true });
  copyFileSync(packageFile(path), join(root, place));
}
