import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The folder of the packages that a folder of tests has for itself, by its `package.json` and lock, installed on first use
 * and when the lock has changed; undefined where they cannot be had. Several test files may come here at once: each installs
 * beside, and the first puts its work in place.
 */
export function installPackages(from: string, name: string, options: readonly string[] = []): string | undefined {
  const folder = resolve(import.meta.dirname, "../../var", name);
  const isThere = () => existsSync(join(folder, "node_modules")) && hasLock(folder, from);
  if (isThere()) return folder;
  const beside = `${folder}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(from, file), join(beside, file));
  const all = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...options];
  const { status } = spawnSync("npm", all, { cwd: beside, stdio: "ignore", timeout: 240_000 });
  try {
    if (status === 0) {
      // What another lock brought; who uses it still finds its files until they are gone.
      if (existsSync(folder) && !isThere()) renameSync(folder, `${beside}-old`);
      renameSync(beside, folder);
    }
  } catch {
    // Another was first.
  }
  for (const left of [beside, `${beside}-old`]) rmSync(left, { recursive: true, force: true });
  return isThere() ? folder : undefined;
}

/** True where what is installed in a folder is what the lock of another says. */
function hasLock(folder: string, from: string): boolean {
  const [installed, wanted] = [folder, from].map((each) => join(each, "package-lock.json"));
  return existsSync(installed!) && readFileSync(installed!).equals(readFileSync(wanted!));
}
