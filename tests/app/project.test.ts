import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { findConfig, loadProject, startApp } from "#app";
import { type App, defineApp, defineProject, openProject } from "cortado";
import { admin } from "cortado/admin";
import { temporaryFolder } from "../temporary-folder.ts";

const secretKey = "a key for tests";
const folder = temporaryFolder();
symlinkSync(resolve(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));

describe("defineProject", () => {
  test("every setting that is left out has a default, and the root is the file's folder", () => {
    const project = defineProject({ apps: [], secretKey });
    assert.deepEqual(
      [project.database, project.storage, project.root],
      ["sqlite:db.sqlite3", "file:var/storage", import.meta.dirname],
    );
    assert.equal(project.configFile, import.meta.filename);
  });

  test("a setting that no layer reads is refused with the nearest one", () => {
    assert.throws(() => defineProject({ apps: [], secretKey, alowedHosts: ["a"] } as never), {
      code: "APP_UNKNOWN_SETTING",
      message: /^defineProject has no setting "alowedHosts"\. It has: apps, /,
      hint: 'Did you mean "allowedHosts"?',
    });
  });

  test("two apps of one name are refused", () => {
    const shop = defineApp({ name: "shop" });
    assert.throws(() => defineProject({ apps: [shop, shop], secretKey }), {
      code: "APP_DUPLICATE_NAME",
      message: /^Two apps are named "shop"/,
      hint: /another name/,
    });
  });

  test("what is not an app is refused by its place in the list", () => {
    const given: [unknown, string][] = [
      [undefined, "undefined"],
      [admin, `the function ${admin.name}`],
      [{}, "an object without a name"],
    ];
    for (const [app, said] of given)
      assert.throws(() => defineProject({ apps: [defineApp({ name: "a" }), app as App], secretKey }), {
        code: "APP_NOT_AN_APP",
        message: `apps[1] is ${said}, not an app.`,
        hint: /defineApp/,
      });
  });

  test("a short secret key is refused in production", () => {
    assert.throws(() => defineProject({ apps: [], secretKey, mode: "production" }), {
      code: "APP_WEAK_SECRET_KEY",
      message: /32 characters or more/,
      hint: /randomBytes\(32\)/,
    });
    assert.equal(defineProject({ apps: [], secretKey: "x".repeat(32), mode: "production" }).debug, false);
  });
});

describe("a configuration file", () => {
  const file = join(folder, "cortado.config.ts");
  writeFileSync(
    file,
    `import { defineProject } from "cortado";\nimport { admin } from "cortado/admin";\n\nexport default defineProject({ apps: [], secretKey: "x", database: "sqlite::memory:" });\nvoid admin;\n`,
  );

  test("is found in a folder above", () => {
    assert.equal(findConfig(join(folder, "node_modules")), file);
    assert.equal(findConfig(tmpdir()), undefined);
  });

  test("is loaded, and is not a project when its default export is not", async () => {
    assert.equal((await loadProject(file))?.root, folder);
    const other = join(folder, "other.config.ts");
    writeFileSync(other, "export default 3;\n");
    assert.equal(await loadProject(other), undefined);
  });

  test("gets a new app listed, and the app's folder is made", async () => {
    const project = (await loadProject(file))!;
    const { files, listed } = startApp(project, "shop");
    assert.equal(listed, true);
    for (const made of files) assert.ok(existsSync(join(folder, made)), made);
    const text = readFileSync(file, "utf8");
    assert.match(text, /^import shop from "\.\/shop\/app\.ts";$/m);
    assert.match(text, /apps: \[shop\]/);
  });

  test("a module that is not there is named, with what is called nearly so", async () => {
    const lost = join(folder, "lost.config.ts");
    writeFileSync(join(folder, "shop.ts"), "export {};\n");
    writeFileSync(lost, 'import "./shp.ts";\nexport default {};\n');
    await assert.rejects(loadProject(lost), {
      code: "APP_MISSING_MODULE",
      message: `${lost} imports ${join(folder, "shp.ts")}, which is not there.`,
      hint: 'Did you mean "shop.ts"?',
    });
    writeFileSync(lost, 'import "no-such-package";\nexport default {};\n');
    await assert.rejects(loadProject(lost), { hint: "Install it: npm install no-such-package" });
  });

  test("a name that a module does not export is told, with who exports it or how a type is imported", async () => {
    writeFileSync(join(folder, "prices.ts"), "export const latte = 4500;\n");
    const told = async (line: string, hint: string) => {
      const lost = join(folder, `names-${hint.length}.config.ts`);
      writeFileSync(lost, `${line}\nexport default {};\n`);
      const [, name, module] = /{ (\w+) } from "(.+)"/.exec(line)!;
      const message = `${lost}:1 imports ${name} from "${module}", which does not export it.`;
      await assert.rejects(loadProject(lost), { code: "APP_MISSING_EXPORT", message, hint });
    };
    await told('import { rateLimit } from "cortado";', '"cortado/http" exports it.');
    await told('import { late } from "./prices.ts";', 'Did you mean "latte"?');
    await told('import { Beans } from "./prices.ts";', 'A type is imported as one: import { type Beans } from "./prices.ts".');
  });

  test("a module that cannot be read is told with the place", async () => {
    const broken = join(folder, "broken.config.ts");
    writeFileSync(broken, 'import "./twice.ts";\nexport default {};\n');
    writeFileSync(join(folder, "twice.ts"), "const price: number = 1;\nconst price = 2;\n");
    const twice = `${join(folder, "twice.ts")}:2 cannot be read: Identifier 'price' has already been declared\n\nconst price = 2;\n      ^`;
    await assert.rejects(loadProject(broken), { code: "APP_BAD_SYNTAX", message: twice, hint: "npx tsc says more." });
    writeFileSync(join(folder, "open.ts"), "export function open(: string {}\n");
    const unclosed = join(folder, "unclosed.config.ts");
    writeFileSync(unclosed, 'import "./open.ts";\nexport default {};\n');
    await assert.rejects(loadProject(unclosed), {
      code: "APP_BAD_SYNTAX",
      message: /open\.ts:1 cannot be read: [^]+\n\nexport function/,
    });
  });

  test("modules that import each other in a circle are named, with what was not there yet", async () => {
    writeFileSync(join(folder, "a.ts"), 'import { B } from "./b.ts";\nexport class Base {}\nexport const b = B;\n');
    writeFileSync(join(folder, "b.ts"), 'import { Base } from "./a.ts";\nexport class B extends Base {}\n');
    const circle = join(folder, "circle.config.ts");
    writeFileSync(circle, 'import "./a.ts";\nexport default {};\n');
    await assert.rejects(loadProject(circle), {
      code: "APP_CIRCULAR_IMPORT",
      message: `${join(folder, "b.ts")}:2:24 uses Base while the module that makes it is still loading: they import each other in a circle.`,
      hint: /Put what both need, such as a base class, into a module of its own/,
    });
  });

  test("gets no app whose name is taken or cannot be one", async () => {
    const project = (await loadProject(file))!;
    assert.throws(() => startApp(project, "shop"), {
      code: "APP_NAME_TAKEN",
      message: /already an app or a folder "shop"/,
      hint: "Choose another name.",
    });
    for (const name of ["Shop", "1shop", "my-shop", "../shop", ""])
      assert.throws(
        () => startApp(project, name),
        { code: "APP_BAD_NAME", message: /cannot name an app/, hint: /homepage, shop, blog/ },
        name,
      );
  });
});

describe("an open project", () => {
  test("closes what was opened, in the opposite order, also when opening fails half-way", async () => {
    const seen: string[] = [];
    const opens = (name: string, fails = false) =>
      defineApp({
        name,
        async onOpen() {
          if (fails) throw new Error("no");
          seen.push(`open ${name}`);
          return async () => void seen.push(`close ${name}`);
        },
      });
    const base = { secretKey, database: "sqlite::memory:" };
    await (await openProject(defineProject({ ...base, apps: [opens("a"), opens("b")] }))).close();
    assert.deepEqual(seen.splice(0), ["open a", "open b", "close b", "close a"]);
    await assert.rejects(openProject(defineProject({ ...base, apps: [opens("a"), opens("b", true)] })), /no/);
    assert.deepEqual(seen, ["open a", "close a"]);
  });
});
