// Writes down what a real Django makes of the bookshop's pages: node record.ts <python with Django> (see README.md).
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, folder, type RecordedPage, withoutTokens } from "./asked-pages.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const scratch = temporaryFolder();
const python = process.argv[2] ?? "python3";
const printed = execFileSync(python, [join(folder, "django_pages.py"), scratch], { encoding: "utf8" });
const { version, pages } = JSON.parse(printed) as { version: string; pages: Record<string, Answer> };
const recorded = Object.entries(pages).map(([name, { status, body }]): [string, RecordedPage] => [
  name,
  { status, lines: withoutTokens(body).split("\n") },
]);
writeFileSync(join(folder, "recorded.json"), `${JSON.stringify(Object.fromEntries(recorded), null, 2)}\n`);
console.log(`Django ${version}: ${Object.keys(pages).length} pages.`);
