// `npm run fix`: repairs what the formatter and the linter can, and writes the generated documentation anew.
import { fromSource, runAll } from "./run-command.ts";

await runAll([
  ["oxlint", "--fix", "--quiet"],
  ["oxfmt", "src", "tests", "scripts", "examples", "benchmarks", "create-cortado"],
  ["node", ...fromSource, "scripts/make-docs.ts"],
]);
