// What holds for the whole repository, whatever is added to it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import { registerProject } from "#app";
import { makeMigrations } from "cortado/orm/migrations";
import cafe from "../../examples/cafe/cortado.config.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const filesOf = (...patterns: string[]) => globSync(patterns, { cwd: root }).sort();

/** Expected by their message alone. */
const expectedByMessage = new Set(["SERVING_BAD_ARTIFACT"]);

describe("errors", () => {
  const tables = filesOf("src/**/errors.ts").map((file) => ({ file, text: read(file) }));
  const codes = tables.flatMap(({ text }) => [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+): ?\(/gm)].map(([, code]) => code!));

  test("each code stands once, below a sentence that says when it is raised", () => {
    assert.equal(new Set(codes).size, codes.length);
    const silent = tables.flatMap(({ text }) =>
      [...text.matchAll(/(.*)\n {2}([A-Z][A-Z0-9_]+): ?\(/g)]
        .filter(([, above]) => !above!.endsWith("*/"))
        .map(([, , code]) => code),
    );
    assert.deepEqual(silent, []);
  });

  test("each code is raised somewhere, and some test expects it", () => {
    const source = filesOf("src/**/*.ts")
      .filter((file) => !file.endsWith("/errors.ts"))
      .map(read)
      .join("\n");
    const tests = filesOf("tests/**/*.test.ts").map(read).join("\n");
    assert.deepEqual(
      codes.filter((code) => !source.includes(code)),
      [],
      "never raised",
    );
    assert.deepEqual(
      codes.filter((code) => !tests.includes(code) && !expectedByMessage.has(code)),
      [],
      "in no test",
    );
  });

  test("each code has its page, made from the table", () => {
    execFileSync(
      process.execPath,
      ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", "scripts/make-docs.ts", "--check"],
      { cwd: root, stdio: "pipe" },
    );
    const pages = filesOf("docs/errors/*.md").map(read).join("\n");
    assert.deepEqual(
      codes.filter((code) => !pages.includes(`## ${code}\n`)),
      [],
    );
  });
});

describe("migrations", () => {
  test("those of the framework's apps and of the cafe say what the models say", async () => {
    const { apps } = registerProject(cafe);
    const missing = await makeMigrations(apps, { check: true });
    for (const app of ["sessions", "auth", "registry", "admin"])
      missing.push(...(await makeMigrations(apps, { app, check: true })));
    assert.deepEqual(
      missing.map(({ app, operations }) => ({ app, operations })),
      [],
    );
  });
});

describe("layers", () => {
  test("each has a door and ten lines that introduce it", () => {
    for (const layer of readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      assert.ok(existsSync(join(root, "src", layer.name, "index.ts")), `${layer.name} has no index.ts`);
      const lines = read(`src/${layer.name}/README.md`).split("\n").length;
      assert.ok(lines >= 4 && lines <= 30, `src/${layer.name}/README.md has ${lines} lines`);
    }
  });

  test("each door of a layer that has several can be the first that a program opens", async () => {
    const { exports } = JSON.parse(read("package.json")) as { exports: Record<string, unknown> };
    const doors = Object.keys(exports).filter((door) => door.startsWith("./orm/"));
    assert.ok(doors.length > 3);
    for (const door of doors) {
      const thread = new Worker(`import("cortado${door.slice(1)}")`, { eval: true });
      await once(thread, "exit").catch((error: Error) => assert.fail(`${door}: ${error.message}`));
    }
  });

  test("nothing is put off by a note in the source", () => {
    const notes = filesOf("src/**/*.{ts,js,css,html}").filter((file) => /\b(TODO|FIXME|XXX)\b/.test(read(file)));
    assert.deepEqual(notes, []);
  });
});

describe("tests", () => {
  test("their titles say what is, not what ought to be", () => {
    const titles = filesOf("tests/**/*.test.ts").flatMap((file) =>
      [...read(file).matchAll(/^\s*(?:test|describe)\(\s*["'`](.*?)["'`],/gm)].map(([, title]) => `${file}: ${title}`),
    );
    assert.ok(titles.length > 300);
    assert.deepEqual(
      titles.filter((title) => /: .*\bshould (?!$)/.test(title)),
      [],
    );
  });
});
