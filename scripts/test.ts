// `npm test`: the laws, the types, and every test that needs nothing but Node. `npm test -- orm` runs one folder's tests.
import { conclude, runTests } from "./run-tests.ts";
import { fromSource, runAll } from "./run-command.ts";
import { beginsLike, otherSuites, slowOnes } from "./slow-tests.ts";

const folders = process.argv.slice(2);
const isLeftOut = (file: string) => beginsLike(file, [...otherSuites, ...slowOnes]);

if (folders.length === 0) {
  await runAll([
    ["node", ...fromSource, "scripts/check-architecture.ts"],
    ["tsc", "-p", "tsconfig.json"],
    ["oxlint", "--type-aware", "--quiet"],
  ]);
}
const patterns = folders.length > 0 ? folders.map((folder) => `tests/${folder}/**/*.test.ts`) : ["tests/**/*.test.ts"];
// Suites on PostgreSQL share one server, and the tables in it.
const concurrency = process.env["CORTADO_TEST_POSTGRES"] === undefined ? undefined : 1;
conclude(await runTests(patterns, folders.length > 0 ? { concurrency } : { exclude: isLeftOut, concurrency }));
