// `npm run bench [-- suite | suite/case] [--json] [--seconds 10]`: runs the suites and prints each subject beside its reference and a peer.
// `--seconds` is how long a trial lasts.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../scripts/start-postgres.ts";
import { type Case, measureCase, printCase } from "./measure.ts";
import { runTrial, type Trial } from "./trial.ts";

const suites = ["orm", "types", "templates", "forms", "http", "serving", "training"];
const peers = join(import.meta.dirname, "peers");

/** What a suite has. */
interface Entry {
  suite: string;
  each: Case | Trial;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, seconds: { type: "string" } },
});
const json = values.json === true;
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
if (seconds !== undefined && !(seconds > 0)) {
  console.error(`--seconds is "${values.seconds}", and must be a number of seconds.`);
  process.exit(2);
}
installPeers();
const chosen = choose(await allCases(), positionals[0]);
const postgres = chosen.some(({ each }) => each.name.endsWith("-postgres")) ? await startPostgres() : undefined;
if (postgres) process.env["CORTADO_BENCH_POSTGRES"] = postgres.url;
for (const { suite, each } of chosen) {
  if ("run" in each) await runTrial(suite, each, { json, seconds });
  else printCase({ suite, each, figures: await measureCase(suite, each) }, json);
}
await postgres?.stop();
process.exit(0);

function installPeers(): void {
  if (existsSync(join(peers, "node_modules"))) return;
  console.error("Installing the peers …");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: peers,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) console.error("The peers could not be installed: only Cortado and its references are measured.");
}

async function allCases(): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const suite of suites) {
    const { cases, trials = [] } = (await import(`./${suite}/cases.ts`)) as { cases: readonly Case[]; trials?: readonly Trial[] };
    found.push(...[...cases, ...trials].map((each) => ({ suite, each })));
  }
  return found;
}

/** The cases of a suite, or one, or all. */
function choose(all: Entry[], wanted: string | undefined): Entry[] {
  const names = all.map(({ suite, each }) => `${suite}/${each.name}`);
  const matching = all.filter(({ suite }, i) => wanted === undefined || wanted === suite || wanted === names[i]);
  if (matching.length > 0) return matching;
  console.error(`There is no suite or case "${wanted}". Suites: ${suites.join(", ")}. Cases: ${names.join(", ")}.`);
  process.exit(2);
}
