import { join } from "node:path";
import type { Project } from "#app";

/** The storages of a project, each in a folder of the test's own; objects stay as they are. */
export function testStorages({ storages = {} }: Project, folder: string): Project["storages"] {
  const moved = Object.entries(storages).map(([alias, given]) => {
    if (typeof given !== "string") return [alias, given] as const;
    const query = given.startsWith("file:") && given.includes("?") ? given.slice(given.indexOf("?")) : "";
    return [alias, `file:${join(folder, "storages", alias)}${query}`] as const;
  });
  return Object.fromEntries(moved);
}
