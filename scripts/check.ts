// `npm run check`: types, lint, format, architecture and the generated documentation.
import { fromSource, runAll } from "./run-command.ts";

await runAll([
  ["node", ...fromSource, "scripts/check-architecture.ts"],
  ["tsc", "-p", "tsconfig.json"],
  ["oxlint", "--type-aware"],
  ["oxfmt", "--check", "src", "tests", "scripts", "examples", "benchmarks", "create-cortado"],
  ["node", ...fromSource, "scripts/make-docs.ts", "--check"],
]);
