// Writes the texts of src/ into the framework's own catalogues: `node --conditions=cortado-source scripts/make-messages.ts [--check]`.
import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeMessages } from "../src/app/index.ts";
import { root } from "./run-command.ts";

const source = join(root, "src");
const apps = globSync("*/locale", { cwd: source }).map((folder) => ({
  name: basename(dirname(folder)),
  directory: join(source, dirname(folder)),
}));
const check = process.argv.includes("--check");
const { changed, problems } = await makeMessages(
  { apps, root: source, localePaths: ["kernel/i18n/locale"] },
  { languages: [], all: true, location: "never", check },
);
for (const problem of problems) console.error(problem);
for (const { file, texts, untranslated } of changed) {
  console.log(`${check ? "would write" : "wrote"} src/${file}: ${texts} texts, ${untranslated} to be translated`);
}
process.exitCode = problems.length > 0 || (check && changed.length > 0) ? 1 : 0;
