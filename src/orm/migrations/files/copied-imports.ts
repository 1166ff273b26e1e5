import { readFile } from "node:fs/promises";
import type { Migration } from "../migration.ts";
import { callsFunctions } from "../operations/run-operations.ts";

/** Whether a migration has functions, which a file made from it must copy. */
export function hasFunctions({ operations }: Migration): boolean {
  return operations.some(callsFunctions);
}

/** What the files of migrations import from elsewhere than Cortado; their functions may need it. */
export async function copiedImports(migrations: readonly Migration[]): Promise<string[]> {
  const found = await Promise.all(migrations.filter(hasFunctions).map(importsOf));
  return [...new Set(found.flat())];
}

async function importsOf({ file }: Migration): Promise<string[]> {
  const source = await readFile(file!, "utf8");
  const found = source.match(/^import\s[^;]*?from\s*["'][^"']+["'];?/gm) ?? [];
  return found.filter((line) => !/["']cortado\/orm(?:\/migrations)?["']/.test(line));
}
