import { createRequire } from "node:module";
import { join } from "node:path";

/** The file of an optional package: the project's, else Cortado's own. @throws MODULE_NOT_FOUND */
export function resolvePackage(name: string, root: string): string {
  try {
    return createRequire(join(root, "package.json")).resolve(name);
  } catch {
    return createRequire(import.meta.url).resolve(name);
  }
}
