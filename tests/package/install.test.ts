// The package as a user gets it: packed, installed in an empty folder, checked by the field's own tools.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { packCortado } from "./pack.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const root = resolve(import.meta.dirname, "../..");
let tarball: string;
let folder: string;

const npm = (...args: string[]) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, encoding: "utf8" });

before(() => {
  tarball = packCortado();
  folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  npm("install", tarball);
});

function sizeOf(path: string): number {
  const entry = statSync(path);
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : entry.size;
}

describe("the packed package", () => {
  test("every door opens without an optional package", () => {
    const doors = Object.keys(
      JSON.parse(
        execFileSync("node", ["-p", "JSON.stringify(require('cortado/package.json').exports)"], {
          cwd: folder,
          encoding: "utf8",
        }),
      ),
    );
    const names = doors.filter((door) => !door.endsWith(".json")).map((door) => `cortado${door.slice(1)}`);
    writeFileSync(join(folder, "doors.mjs"), names.map((name) => `import "${name}";`).join("\n"));
    execFileSync("node", ["doors.mjs"], { cwd: folder, encoding: "utf8" });
  });

  test("it installs in under 25 MB, with no install script and no native module", () => {
    const size = sizeOf(join(folder, "node_modules"));
    assert.ok(size < 25e6, `${(size / 1e6).toFixed(1)} MB`);
    const native = execFileSync("find", ["node_modules", "-name", "*.node"], { cwd: folder, encoding: "utf8" });
    assert.equal(native, "");
  });

  test("publint finds nothing to complain of", () => {
    execFileSync("npx", ["publint", tarball, "--strict"], { cwd: root, encoding: "utf8", stdio: "pipe" });
  });

  test("its types resolve for every door", () => {
    execFileSync("npx", ["attw", tarball, "--profile", "esm-only"], { cwd: root, encoding: "utf8", stdio: "pipe" });
  });

  test("a project's own declarations can be written", () => {
    cpSync(join(root, "tests/package/every-kind.ts"), join(folder, "every-kind.ts"));
    const options = ["--target", "es2024", "--module", "nodenext", "--strict", "--skipLibCheck", "--verbatimModuleSyntax"];
    const types = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
    const declared = ["--declaration", "--emitDeclarationOnly", "--outDir", "declarations"];
    execFileSync(join(root, "node_modules/.bin/tsc"), ["every-kind.ts", "--ignoreConfig", ...options, ...types, ...declared], {
      cwd: folder,
      stdio: "pipe",
    });
    assert.match(readFileSync(join(folder, "declarations/every-kind.d.ts"), "utf8"), /class Coffee extends Coffee_base/);
  });

  test("serving without the model runtime names the line that installs it", () => {
    mkdirSync(join(folder, "models"), { recursive: true });
    cpSync(join(root, "examples/cafe/digits/models/digits"), join(folder, "models/digits"), { recursive: true });
    assert.throws(
      () =>
        execFileSync("npx", ["cortado", "serve", "models", "--port", "0"], {
          cwd: folder,
          encoding: "utf8",
          stdio: "pipe",
          timeout: 30_000,
        }),
      (error: { stderr: string }) => /npm install --ignore-scripts onnxruntime-node/.test(error.stderr),
    );
  });

  test("with the runtime it serves a folder of models", async (t) => {
    npm("install", "--ignore-scripts", "onnxruntime-node");
    const child = spawn("npx", ["cortado", "serve", "models", "--port", "0"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    t.after(() => process.kill(-child.pid!, "SIGTERM"));
    const url = await new Promise<string>((done) => {
      child.stdout.on("data", (text) => {
        const found = /http:\S+/.exec(String(text));
        if (found) done(found[0]);
      });
    });
    const response = await fetch(`${url}/api/models/digits/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: { image: Array(784).fill(0) } }),
    });
    assert.equal(response.status, 200);
    const body = (await response.json()) as { output: { scores: number[] }; model: string; version: string };
    assert.equal(body.output.scores.length, 10);
    assert.deepEqual([body.model, body.version], ["digits", "1"]);
  });
});
