// Writes docs/errors/ from the layers' error tables: one page a layer, one section a code. With --check it only compares.
import { globSync, mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./run-command.ts";

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
function codesOf(source: string): { code: string; about: string }[] {
  const pattern = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*\n\s*([A-Z][A-Z0-9_]+):/g;
  return [...source.matchAll(pattern)].map(([, comment, code]) => ({
    code: code!,
    about: comment!
      .replace(/^\s*\*\s?/gm, "")
      .trim()
      .replace(/\s*\n\s*/g, " "),
  }));
}

const layers = globSync("src/**/errors.ts", { cwd: root }).sort();
const index: string[] = [
  "# Errors",
  "",
  "Every error that Cortado raises, by layer. Made from the error tables by `npm run docs`.",
  "",
];
const pages = new Map<string, { code: string; about: string }[]>();
for (const file of layers) {
  for (const entry of codesOf(readFileSync(join(root, file), "utf8"))) {
    const page = entry.code.split("_")[0]!.toLowerCase();
    pages.set(page, [...(pages.get(page) ?? []), entry]);
  }
}
for (const [page, codes] of [...pages].sort(([a], [b]) => a.localeCompare(b))) {
  index.push(`- [${page}](${page}.md): ${codes.length} code${codes.length === 1 ? "" : "s"}`);
  const sections = codes.map(({ code, about }) => `<a id="${code.toLowerCase()}"></a>\n## ${code}\n\n${about}\n`);
  write(`docs/errors/${page}.md`, `# Errors of ${page}\n\n${sections.join("\n")}`);
}
write("docs/errors/README.md", `${index.join("\n")}\n`);
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(", ")}. Run \`npm run docs\`.`);
  process.exit(1);
}
