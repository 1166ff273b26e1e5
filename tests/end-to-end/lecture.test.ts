// The lecture, followed from an empty folder with the packed package: a coffee list with a form, and the admin beside it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { packCortado } from "../package/pack.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type Served, startServer } from "./processes.ts";
import { Visitor } from "./visitor.ts";

const root = resolve(import.meta.dirname, "../..");
const site = join(temporaryFolder(), "mysite");
const env = { ...process.env, CORTADO_PASSWORD: "a long secret of ada" };
let served: Served;
let tarball: string;

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: existsSync(site) ? site : join(site, ".."), encoding: "utf8", env, stdio: "pipe" });
}
const cortado = (...args: string[]) => run("npx", "cortado", ...args);

const files: Record<string, string> = {
  "homepage/models.ts": `import { boolean, char, integer, manager, Model } from "cortado/orm";

export class Coffee extends Model({
  name: char({ maxLength: 30, default: "" }),
  price: integer({ default: 0 }),
  isIce: boolean({ default: false }),
}) {
  static objects = manager(this);
  override toString() {
    return this.name;
  }
}
`,
  "homepage/admin.ts": `import { modelAdmin } from "cortado/admin";
import { Coffee } from "./models.ts";

export const coffeeAdmin = modelAdmin(Coffee);
`,
  "homepage/forms.ts": `import { ModelForm } from "cortado/forms";
import { Coffee } from "./models.ts";

export class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price", "isIce"] }) {}
`,
  "homepage/views.ts": `import { type HttpRequest, redirect, render } from "cortado";
import { CoffeeForm } from "./forms.ts";
import { Coffee } from "./models.ts";

export async function coffeeView(request: HttpRequest) {
  const form = await CoffeeForm.from(request);
  if (await form.isValid()) {
    await form.save();
    return redirect("coffee");
  }
  return render(request, "homepage/coffee.html", { coffee_list: Coffee.objects.all(), coffee_form: form });
}
`,
  "homepage/templates/homepage/coffee.html": `<h1>My Coffee List</h1>
{% for coffee in coffee_list %}<p>{{ coffee.name }} , {{ coffee.price }}</p>
{% endfor %}
<form method="Post">
  {% csrf_token %}
  {{ coffee_form.as_p }}
  <button type="submit">Save</button>
</form>
`,
};

describe("the lecture", { concurrency: false }, () => {
  before(() => {
    tarball = packCortado();
    run("node", join(root, "create-cortado/create-cortado.mjs"), "mysite", "--cortado", `file:${tarball}`);
    run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error");
  });
  after(() => served?.stop());

  test("startapp makes an app and lists it", () => {
    cortado("startapp", "homepage");
    assert.ok(existsSync(join(site, "homepage/app.ts")));
    assert.match(readFileSync(join(site, "cortado.config.ts"), "utf8"), /import homepage from ".\/homepage\/app.ts";/);
  });

  test("makemigrations writes the coffee table's migration", () => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(site, file, ".."), { recursive: true });
      writeFileSync(join(site, file), text);
    }
    const urls = readFileSync(join(site, "urls.ts"), "utf8");
    writeFileSync(
      join(site, "urls.ts"),
      `import { coffeeView } from "./homepage/views.ts";\n${urls.replace("export const urls = [", 'export const urls = [\n  path("coffee/", coffeeView, { name: "coffee" }),')}`,
    );
    cortado("makemigrations", "homepage");
    assert.deepEqual(readdirSync(join(site, "homepage/migrations")), ["0001_initial.ts"]);
    assert.match(cortado("makemigrations"), /No changes/);
  });

  test("migrate makes the tables, and a second time finds nothing to do", () => {
    assert.match(cortado("migrate"), /homepage.*0001_initial/);
    assert.match(cortado("migrate"), /Nothing to do/);
    assert.match(cortado("showmigrations", "homepage"), /0001_initial/);
    assert.match(cortado("sqlmigrate", "homepage", "0001"), /CREATE TABLE "homepage_coffee"/);
  });

  test("the project's types hold and its checks find nothing", () => {
    run("npx", "tsc", "--noEmit");
    run("npx", "tsc", "--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", "../declarations");
    assert.match(cortado("check"), /Nothing to mend/);
  });

  test("a coffee added in the admin is seen on the page", async () => {
    cortado("createsuperuser", "--username", "ada", "--email", "ada@example.com");
    served = await startServer("npx", ["cortado", "runserver", "--port", "0"], {
      cwd: site,
      env,
      pattern: /Serving at http:\S+/,
    });
    const visitor = new Visitor(served.url);
    const login = await visitor.submit("/admin/login/?next=/admin/", { username: "ada", password: env.CORTADO_PASSWORD });
    assert.deepEqual([login.status, login.headers.get("location")], [302, "/admin/"]);
    const added = await visitor.submit("/admin/homepage/coffee/add/", { name: "Cortado", price: "4200" });
    assert.equal(added.status, 302);
    assert.match(await visitor.text("/admin/homepage/coffee/"), /Cortado/);
    assert.match(await visitor.text("/coffee/"), /<p>Cortado , 4200<\/p>/);
  });

  test("a coffee added by the form is on the list", async () => {
    const visitor = new Visitor(served.url);
    const saved = await visitor.submit("/coffee/", { name: "Latte", price: "4500", isIce: "on" });
    assert.deepEqual([saved.status, saved.headers.get("location")], [302, "/coffee/"]);
    assert.match(await visitor.text("/coffee/"), /<p>Latte , 4500<\/p>/);
  });

  test("a form without its token is refused with a page that says why", async () => {
    const answer = await fetch(`${served.url}/coffee/`, { method: "POST", body: new URLSearchParams({ name: "Thief" }) });
    assert.equal(answer.status, 403);
    const page = await answer.text();
    assert.match(page, /CSRF/);
    assert.doesNotMatch(page, /at .*\.(ts|js):\d+/);
  });

  test("a changed file starts the server again", async () => {
    const template = join(site, "homepage/views.ts");
    writeFileSync(template, `${readFileSync(template, "utf8")}\nexport const seen = true;\n`);
    for (let i = 0; i < 100 && !/starting again[\s\S]*Serving at/.test(served.output()); i++)
      await new Promise((done) => setTimeout(done, 100));
    assert.match(served.output(), /views\.ts changed: starting again[\s\S]*Serving at/);
  });
});
