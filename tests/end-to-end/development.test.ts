// A project in development, in a browser: pages that load again by themselves, the page that explains an error, sent mail.
// Screenshots go to CORTADO_SHOTS, where it is set.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { freePort } from "../../scripts/free-port.ts";
import { launchChromium } from "./chromium.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type Served, startServer } from "./processes.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = temporaryFolder();
const shots = process.env["CORTADO_SHOTS"];
const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

const write = (file: string, text: string) => {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
};

const views = (word: string) => `import { type HttpRequest, render } from "cortado";
import { sendMail } from "cortado/mail";
export const index = (request: HttpRequest) => render(request, "index.html", { word: "${word}" });
export const fails = (request: HttpRequest): never => { void request; throw new Error("no beans, ${word}"); };
export const broken = (request: HttpRequest) => render(request, "broken.html", { coffee: { name: "Latte", pour: () => { throw new Error("too hot"); } }, api_key: "hidden" });
export const send = async () => {
  await sendMail({ subject: "Your order", body: "On its way.", html: "<p>On its way. <script>document.title = 'run'</script></p>", from: "shop@example.com", to: "ada@example.com" });
  return "sent";
};
`;

function writeProject(): void {
  write("package.json", '{ "type": "module", "private": true }');
  write("cortado.config.ts", `import { defineProject, defineApp, path } from "cortado";
import { broken, fails, index, send } from "./shop/views.ts";
const shop = defineApp({ name: "shop", directory: import.meta.dirname + "/shop" });
export default defineProject({ apps: [shop], secretKey: "a key for tests", mailers: { default: "memory:" },
  urls: [path("", index), path("fails/", fails), path("broken/", broken), path("send/", send)] });
`); // prettier-ignore
  write("shop/views.ts", views("first"));
  write("shop/templates/index.html", '{% load static %}<!doctype html><html lang="en"><head><title>Shop</title><link rel="stylesheet" href="{% static "shop.css" %}"></head><body><h1>{{ word }} cup</h1></body></html>');
  write("shop/templates/broken.html", '<p>{{ coffee.name }}</p>\n{% include "inner.html" %}');
  write("shop/templates/inner.html", "{{ coffee.pour }}");
  write("shop/static/shop.css", "h1 { color: rgb(1, 2, 3) }");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
} // prettier-ignore

describe("a project in development, in a browser", { concurrency: false, timeout: 120_000 }, () => {
  let served: Served;
  let browser: Browser;

  before(async () => {
    writeProject();
    const port = await freePort();
    const args = ["--conditions=cortado-source", join(root, "bin/cortado.mjs"), "runserver", "--port", String(port)];
    served = await startServer(process.execPath, args, { cwd: folder, pattern: /Serving at http:\/\/[^\s]+/ });
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await served?.stop();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ baseURL: served.url, ...options })).newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(path);
    return page;
  }

  async function complaintsOf(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    // oxlint-disable-next-line no-eval -- runs in the page
    const found = (await page.evaluate("axe.run()")) as { violations: { id: string; nodes: { html: string }[] }[] };
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  const heading = (page: Page, text: string) => page.getByRole("heading", { name: text, level: 1 }).waitFor();

  test("the address is said once", () => {
    assert.equal(served.output().split(served.url).length - 1, 1, served.output());
  });

  test("a page loads again when its template changes", async () => {
    const page = await open("/");
    await heading(page, "first cup");
    await page.waitForTimeout(300);
    write("shop/templates/index.html", '{% load static %}<!doctype html><html lang="en"><head><title>Shop</title><link rel="stylesheet" href="{% static "shop.css" %}"></head><body><h1>{{ word }} mug</h1></body></html>'); // prettier-ignore
    await heading(page, "first mug");
    await page.context().close();
  });

  test("a style sheet is exchanged without loading the page again", async () => {
    const page = await open("/");
    await page.evaluate("globalThis.still = true");
    await page.waitForTimeout(300);
    write("shop/static/shop.css", "h1 { color: rgb(9, 8, 7) }");
    await page.waitForFunction("getComputedStyle(document.querySelector('h1')).color === 'rgb(9, 8, 7)'");
    assert.equal(await page.evaluate("globalThis.still"), true);
    await page.context().close();
  });

  test("a page comes back by itself when the server started anew, and after a program that does not load", async () => {
    const page = await open("/");
    await page.waitForTimeout(300);
    write("shop/views.ts", views("second"));
    await heading(page, "second mug");
    write("shop/views.ts", "this is no program");
    await page.waitForTimeout(1500);
    write("shop/views.ts", views("third"));
    await heading(page, "third mug");
    await page.context().close();
  });

  test("a page that explains an error is left when the error is mended", async () => {
    const page = await open("/fails/");
    await page.getByText("Error: no beans, third").first().waitFor();
    write("shop/views.ts", views("fourth"));
    await page.getByText("Error: no beans, fourth").first().waitFor();
    await page.context().close();
  });

  const looks: [string, BrowserContextOptions][] = [
    ["light", { viewport: { width: 1200, height: 900 }, colorScheme: "light" }],
    ["dark", { viewport: { width: 1200, height: 900 }, colorScheme: "dark" }],
    ["phone", { viewport: { width: 375, height: 740 }, colorScheme: "light", javaScriptEnabled: true }],
  ];
  for (const [look, options] of looks)
    test(`the developer's pages have no fault that axe finds: ${look}`, async () => {
      await (await fetch(`${served.url}/send/`)).text();
      const page = await open("/broken/", options);
      const pages = ["/broken/", "/fails/", "/nowhere/", "/cortado/", "/cortado/mail/", "/cortado/mail/1/"];
      for (const path of pages) {
        await page.goto(path);
        await page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)");
        assert.deepEqual(await complaintsOf(page), [], path);
        const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert.equal(wide, 0, `${path} is wider than the window`);
        if (shots)
          await page.screenshot({ path: join(shots, `development-${look}${path.replaceAll("/", "-")}.png`), fullPage: true });
      }
      await page.context().close();
    });

  test("the page of an error is read without JavaScript, and its parts are opened by keyboard", async () => {
    const page = await open("/broken/", { javaScriptEnabled: false });
    await page.getByText("too hot").first().waitFor();
    await page.getByText("in inner.html, line 1, column 1").waitFor();
    const names = page.getByText("What the template’s names meant");
    await names.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: /Latte/ }).waitFor();
    const key = page.getByRole("row", { name: "api_key" });
    assert.equal(await key.getByRole("cell").textContent(), "••••••");
    await page.context().close();
  });

  test("the HTML of a message is shown, and runs nothing", async () => {
    const page = await open("/cortado/mail/1/");
    await page.frameLocator("iframe").getByText("On its way.").waitFor();
    assert.equal(await page.frames()[1]!.title(), "");
    await page.context().close();
  });

  test("what templates read is written down for the compiler", () => {
    assert.match(readFileSync(join(folder, ".cortado/templates.d.ts"), "utf8"), /"index\.html": { required: { word: {} }/);
  });
});
