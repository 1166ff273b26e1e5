// `npm run bench [-- suite | suite/case] [--json]`: runs the suites and prints each subject beside its reference and a peer.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Case, measureCase, printCase } from "./measure.ts";

const suites = ["orm", "templates", "http", "serving"];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const wanted = positionals[0] ?? "";
const [suiteName, caseName] = wanted.split("/");
if (suiteName && !suites.includes(suiteName)) {
  console.error(`There is no suite "${suiteName}". There are: ${suites.join(", ")}.`);
  process.exit(2);
}

const peers = join(import.meta.dirname, "peers");
if (!existsSync(join(peers, "node_modules"))) {
  console.error("Installing the peers …");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: peers, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) console.error("The peers could not be installed: only Cortado and its references are measured.");
}

for (const suite of suites) {
  if (suiteName && suite !== suiteName) continue;
  const { cases } = (await import(`./${suite}/cases.ts`)) as { cases: readonly Case[] };
  const chosen = cases.filter((each) => !caseName || each.name === caseName);
  if (chosen.length === 0) {
    console.error(`The suite ${suite} has no case "${caseName}". It has: ${cases.map((each) => each.name).join(", ")}.`);
    process.exit(2);
  }
  for (const each of chosen) printCase(suite, each, await measureCase(each), values.json === true);
}
process.exit(0);
