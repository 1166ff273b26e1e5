// A database that a real Django made and filled, taken over by a project of Cortado's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, suite, test } from "node:test";
import { startPostgres, type TestPostgres } from "../../scripts/start-postgres.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const root = resolve(import.meta.dirname, "../..");
const python = ["python3", "/usr/bin/python3"].find((one) => spawnSync(one, ["-c", "import django, psycopg2"]).status === 0);
const skip = python ? false : "no Django: apt-get install python3-django python3-psycopg2";

/** What is asked of the project afterwards: what Django's rows are now. */
const question = `
const anna = await User.objects.get({ username: "anna" });
const latte = await Coffee.objects.with("roaster", "tags", "fans").get({ name: "Latte" });
console.log(JSON.stringify({
  users: await User.objects.orderBy("id").valuesList("username", "email"),
  password: await anna.checkPassword("a secret of anna"),
  permissions: [...(await anna.permissions())].sort(),
  latte: [String(latte.price), latte.added, String(latte.roasted), String(latte.opens), latte.data, latte.stock, latte.isIce],
  roaster: [latte.roaster.key, latte.roaster.name],
  tags: (await latte.tags.all()).map((tag) => tag.label).sort(),
  fans: (await latte.fans.all()).map(String),
  posts: (await Post.objects.with("parent").orderBy("id").all()).map((post) => [post.title, post.parent?.title ?? null]),
  codenames: await Permission.objects.filter({ app: "shop", subject: "Coffee" }).orderBy("codename").valuesList("codename", { flat: true }),
  next: (await Tag.objects.create({ label: "new" })).id,
}));`;

const answer = {
  users: [
    ["anna", "anna@example.com"],
    ["ben", "ben@address.invalid"],
    ["carl", "carl@address.invalid"],
  ],
  password: true,
  permissions: ["accounts.view_user", "blog.delete_post", "shop.change_coffee"],
  latte: ["4500.5", "2026-03-01T10:20:30.456Z", "2026-02-28", "09:30:00", { a: [1, null] }, 7, true],
  roaster: ["12345678-1234-5678-1234-567812345678", "Fritz"],
  tags: ["cold", "milk"],
  fans: ["anna"],
  posts: [
    ["First", null],
    ["Second", "First"],
  ],
  codenames: ["shop.add_coffee", "shop.change_coffee", "shop.delete_coffee", "shop.view_coffee"],
  next: 3,
};

/** A project as `npm create cortado` makes it, on this database. */
function makeProject(folder: string): void {
  cpSync(join(root, "create-cortado/template"), folder, { recursive: true });
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
  for (const file of ["cortado.config.ts", "package.json"]) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("{{name}}", "mysite"));
  }
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/cortado"));
}

function cortado(folder: string, url: string, ...args: string[]): string {
  const command = ["--conditions=cortado-source", join(root, "bin/cortado.mjs"), ...args];
  const result = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, DATABASE_URL: url },
  });
  assert.equal(result.status, 0, `cortado ${args.join(" ")}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

for (const name of ["SQLite", "PostgreSQL"]) {
  suite(`A database that Django kept, on ${name}`, { skip }, () => {
    const folder = temporaryFolder();
    const project = join(folder, "mysite");
    let server: TestPostgres | undefined;
    let url = `sqlite:${folder}/django.sqlite3`;
    before(async () => {
      if (name === "PostgreSQL") url = (server = await startPostgres()).url;
      const made = spawnSync(python!, [join(import.meta.dirname, "django_shop.py"), url], { encoding: "utf8" });
      assert.equal(made.stdout, "made\n", made.stderr);
      makeProject(project);
    });
    after(() => server?.stop());

    test("its apps are written as models, and listed in the configuration", () => {
      const out = cortado(project, url, "inspectdb", "--django");
      assert.match(out, /wrote shop\/models\.ts[\s\S]*wrote django\/migrations\/0002_rows\.ts/);
      assert.match(readFileSync(join(project, "cortado.config.ts"), "utf8"), /accounts, blog, shop, django\]/);
      const models = readFileSync(join(project, "shop/models.ts"), "utf8");
      assert.match(models, /stock: positiveInteger\(\)/);
      assert.match(models, /data: json\(\)/);
      assert.match(models, /tags: \(\) => manyToMany\(Tag\)/);
      assert.match(models, /owner: \(\) => foreignKey\("@user", \{ onDelete: "protect", null: true, blank: true \}\)/);
      assert.deepEqual(readdirSync(join(project, "shop/migrations")), ["0001_initial.ts"]);
    });

    test("a migration brings its rows: users with their passwords, groups, permissions and all that the apps have", () => {
      assert.match(cortado(project, url, "migrate"), /django\.0001_set_aside[\s\S]*auth\.0001_initial[\s\S]*django\.0002_rows/);
      assert.deepEqual(JSON.parse(cortado(project, url, "shell", "-c", question)), answer);
      assert.match(cortado(project, url, "check"), /Nothing to mend/);
      assert.match(cortado(project, url, "makemigrations", "--check"), /No changes/);
    });

    test("the migrations lead back to what Django left, and forth again", () => {
      cortado(project, url, "migrate", "django", "zero");
      for (const app of ["shop", "blog", "accounts", "auth"]) cortado(project, url, "migrate", app, "zero");
      const rows = "console.log((await services.databases.default.query('SELECT username FROM auth_user')).length)";
      assert.equal(cortado(project, url, "shell", "-c", rows), "3\n");
      const master = name === "SQLite" ? "SELECT 1 FROM sqlite_master WHERE name = 'coffee_price_added'" : "SELECT 1 FROM pg_indexes WHERE indexname = 'coffee_price_added' AND schemaname = 'public'"; // oxfmt-ignore
      const indexes = `console.log((await services.databases.default.query(${JSON.stringify(master)})).length)`;
      assert.equal(cortado(project, url, "shell", "-c", indexes), "1\n");
      cortado(project, url, "migrate");
      assert.deepEqual(JSON.parse(cortado(project, url, "shell", "-c", question)), answer);
    });

    test("in a new database the same migrations make empty tables", async () => {
      const fresh = `sqlite:${folder}/new.sqlite3`;
      cortado(project, fresh, "migrate");
      assert.equal(cortado(project, fresh, "shell", "-c", "console.log(await Coffee.objects.count())"), "0\n");
    });
  });
}
