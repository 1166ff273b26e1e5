// `npm run build`: JavaScript and declarations into dist/, with the templates, assets, catalogues and Python files that the layers carry.
import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, runAll } from "./run-command.ts";

const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
// The declarations have the comments, for editors; the JavaScript does without.
await runAll([
  ["tsc", "-p", "tsconfig.build.json", "--emitDeclarationOnly"],
  ["tsc", "-p", "tsconfig.build.json", "--declaration", "false", "--removeComments"],
]);
for (const folder of globSync("**/{templates,assets,locale}", { cwd: join(root, "src") })) {
  cpSync(join(root, "src", folder), join(dist, folder), { recursive: true, filter: (file) => !file.endsWith(".ts") });
}
for (const file of globSync("**/*.{py,proto}", { cwd: join(root, "src") })) cpSync(join(root, "src", file), join(dist, file));
