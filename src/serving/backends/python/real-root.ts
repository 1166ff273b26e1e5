import { realpathSync } from "node:fs";
import { resolve } from "node:path";

/** A project's folder as Python sees it, with links followed. */
export function realRoot(root: string): string {
  return realpathSync(resolve(root));
}
