import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const folders: string[] = [];
process.once("exit", () => folders.forEach(remove));

/**
 * A folder with these files in it, removed when the test ends; without a test, when the process ends. At the top of a file
 * `{ after }` of `node:test` stands for all of its tests.
 */
export function temporaryFolder(
  t?: { after(remove: () => void): void },
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), "cortado-test-"));
  if (t) t.after(() => rmSync(folder, { recursive: true, force: true }));
  else folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A process that was not waited for may still write in it: what of it stays must not fail the tests. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
  } catch {}
}
