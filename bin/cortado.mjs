#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still read it and say one clear line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(
    `Cortado needs Node 24.7 or newer; this is Node ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const condition = "--conditions=cortado-source";
const inItsOwnRepository = !folder.includes(`${sep}node_modules${sep}`) && existsSync(join(folder, "src/cli/index.ts"));

if (inItsOwnRepository && !process.execArgv.includes(condition)) {
  const args = [condition, "--disable-warning=ExperimentalWarning", fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} else {
  const { main } = await import(inItsOwnRepository ? "../src/cli/index.ts" : "../dist/cli/index.js");
  process.exitCode = await main(process.argv.slice(2));
}
