#!/usr/bin/env node
// Copies template/ into a new folder and puts the project's name in. Plain JavaScript, no dependencies.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const usage = "Usage: npm create cortado@latest NAME [-- --cortado VERSION-OR-FILE]";

function fail(message) {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { cortado: { type: "string" }, help: { type: "boolean", short: "h" } } });
  } catch (error) {
    return fail(error.message);
  }
}

const { positionals, values } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (positionals.length !== 1)
  fail(positionals.length === 0 ? "The project needs a name." : `One name, please; there are ${positionals.length}.`);

const folder = resolve(positionals[0]);
const name = basename(folder).toLowerCase();
if (!/^[a-z][a-z0-9_-]*$/.test(name))
  fail(`"${basename(folder)}" cannot name a project: letters, digits, - and _, beginning with a letter.`);
if (existsSync(folder) && readdirSync(folder).length > 0)
  fail(`${folder} is already there and is not empty. Nothing was touched.`);

const here = fileURLToPath(new URL(".", import.meta.url));
const version = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version;
cpSync(join(here, "template"), folder, { recursive: true });
renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
for (const file of ["package.json", "README.md", "cortado.config.ts"]) {
  const text = readFileSync(join(folder, file), "utf8");
  const cortado = values.cortado ?? `^${version}`;
  writeFileSync(join(folder, file), text.replaceAll("{{name}}", name).replaceAll("{{cortado}}", cortado));
}

console.log(`Made ${folder}.

  cd ${positionals[0]}
  npm install
  npx cortado migrate
  npx cortado createsuperuser
  npx cortado runserver

Then: npx cortado startapp homepage`);
