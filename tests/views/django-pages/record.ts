// Writes down what a real Django makes of the bookshop's pages: node record.ts <python with Django> (see README.md).
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, folder, withoutTokens } from "./asked-pages.ts";

const scratch = mkdtempSync(join(tmpdir(), "django-pages-"));
const python = process.argv[2] ?? "python3";
const printed = execFileSync(python, [join(folder, "django_pages.py"), scratch], { encoding: "utf8" });
rmSync(scratch, { recursive: true });
const { version, pages } = JSON.parse(printed) as { version: string; pages: Record<string, Answer> };
rmSync(join(folder, "recorded"), { recursive: true, force: true });
mkdirSync(join(folder, "recorded"));
for (const [name, { status, body }] of Object.entries(pages)) {
  writeFileSync(join(folder, "recorded", `${name}.html`), `${status}\n${withoutTokens(body)}`);
}
console.log(`Django ${version}: ${Object.keys(pages).length} pages.`);
