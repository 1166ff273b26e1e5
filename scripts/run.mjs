// Every verb of this repository starts here: it makes sure of a Node new enough and of the dependencies, then runs the task.
// Plain JavaScript that Node 20 can run. On an older Node the runtime comes from npm into .runtime/, which git ignores.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"];

/** verb → the script that does it, with the arguments it always gets. */
const verbs = {
  demo: [...source, "examples/cafe/demo.ts"],
  dev: [...source, "examples/cafe/demo.ts", "--reload"],
  test: [...source, "scripts/test.ts"],
  "test:all": [...source, "scripts/test-all.ts"],
  check: [...source, "scripts/check.ts"],
  fix: [...source, "scripts/fix.ts"],
  build: [...source, "scripts/build.ts"],
  bench: [...source, "benchmarks/run.ts"],
  docs: [...source, "scripts/make-docs.ts"],
};

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["inherit", 2, 2], ...options });
  if (result.status !== 0)
    fail(`${command} ${args.join(" ")} failed (${result.status ?? result.signal ?? result.error?.message}).`);
}

function isNewEnough(version) {
  const [major, minor] = version.replace("v", "").split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 7);
}

/** Copies a manifest and its lock beside each other and installs exactly what the lock names. */
function fetchRuntime() {
  const folder = join(root, ".runtime");
  const binary = join(folder, "node_modules/.bin/node");
  const lock = readFileSync(join(root, "runtime/package-lock.json"), "utf8");
  const stamp = join(folder, "installed.json");
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return dirname(binary);
  console.error(`Node ${process.version} is older than 24.7: fetching a runtime of its own into .runtime/ …`);
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(root, "runtime", name), join(folder, name));
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  if (!existsSync(binary))
    fail(`npm has no Node 24 for ${process.platform}-${process.arch}. Install Node 24.7 or newer and run this again.`);
  writeFileSync(stamp, lock);
  return dirname(binary);
}

function installDependencies(env) {
  const stamp = join(root, "node_modules/.installed.json");
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("Installing dependencies …");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { env });
  writeFileSync(stamp, lock);
}

const [verb, ...rest] = process.argv.slice(2);
if (!Object.hasOwn(verbs, verb ?? "")) fail(`Unknown verb "${verb ?? ""}". There are: ${Object.keys(verbs).join(", ")}.`);

const bin = isNewEnough(process.version) ? dirname(process.execPath) : fetchRuntime();
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
  ONNXRUNTIME_NODE_INSTALL: "skip",
};
installDependencies(env);

const child = spawn(join(bin, "node"), [...verbs[verb], ...rest], { cwd: root, env, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
