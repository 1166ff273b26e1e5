// Writes docs/errors/ from the layers' error tables, one page a layer and one section a code, and the page of the commands.
// With --check it only compares.
import { globSync, mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./run-command.ts";
import { commandPage } from "./command-page.ts";
import { type ErrorTable, sampleError } from "./sample-error.ts";

interface Entry {
  code: string;
  about: string;
  table: ErrorTable;
}

const checkOnly = process.argv.includes("--check");
const stale: string[] = [];

function write(file: string, text: string): void {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  if (checkOnly) stale.push(file);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** The codes of a table in source order, each with the sentence that stands above it. */
function codesOf(source: string): Omit<Entry, "table">[] {
  const pattern = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s*([A-Z][A-Z0-9_]+):/g;
  return [...source.matchAll(pattern)].map(([, comment, code]) => ({
    code: code!,
    about: comment!
      .replace(/^\s*\*\s?/gm, "")
      .trim()
      .replace(/\s*\n\s*/g, " "),
  }));
}

/** When it is raised, then what it says and advises, details as ‹names›. */
function sectionOf({ code, about, table }: Entry): string {
  const sample = sampleError(table, code);
  if (!sample) return about;
  const lines = [sample.message, ...(sample.hint ? [`hint  ${sample.hint}`] : [])];
  return `${about}\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\``;
}

const layers = globSync("src/**/errors.ts", { cwd: root }).sort();
const index: string[] = [
  "# Errors",
  "",
  "Every error that Cortado raises, by layer. Made from the error tables by `npm run docs`.",
  "",
];
const pages = new Map<string, Entry[]>();
for (const file of layers) {
  const tables = Object.values((await import(join(root, file))) as Record<string, ErrorTable>);
  for (const entry of codesOf(readFileSync(join(root, file), "utf8"))) {
    const page = entry.code.split("_")[0]!.toLowerCase();
    const table = tables.find((each) => entry.code in each)!;
    pages.set(page, [...(pages.get(page) ?? []), { ...entry, table }]);
  }
}
for (const [page, codes] of [...pages].sort(([a], [b]) => a.localeCompare(b))) {
  index.push(`- [${page}](${page}.md): ${codes.length} code${codes.length === 1 ? "" : "s"}`);
  const sections = codes.map((entry) => `<a id="${entry.code.toLowerCase()}"></a>\n## ${entry.code}\n\n${sectionOf(entry)}\n`);
  write(`docs/errors/${page}.md`, `# Errors of ${page}\n\n${sections.join("\n")}`);
}
write("docs/reference/commands.md", commandPage());
write("docs/errors/README.md", `${index.join("\n")}\n`);
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(", ")}. Run \`npm run docs\`.`);
  process.exit(1);
}
