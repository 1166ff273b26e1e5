// The cafe in a browser: its pages, the admin, a training that is watched. Screenshots of every page go to CORTADO_SHOTS, or
// are thrown away: what is drawn is looked at by people, what is said and done is checked here.
import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { axeFindings } from "./axe.ts";
import { launchChromium } from "./chromium.ts";
import { type Demo, startDemo } from "./start-demo.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const password = "a password for browsers";
const folder = temporaryFolder();
const shots = process.env["CORTADO_SHOTS"] ?? join(folder, "shots");
const complaints: string[] = [];
let demo: Demo;
let browser: Browser;
let page: Page;

async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: demo.url, viewport: { width: 1280, height: 820 }, ...options });
  const opened = await context.newPage();
  opened.setDefaultTimeout(10_000);
  opened.on("console", (message) => message.type() === "error" && complaints.push(`${opened.url()}: ${message.text()}`));
  opened.on("pageerror", (error) => complaints.push(`${opened.url()}: ${error.stack}`));
  return opened;
}

async function logIn(visitor: Page): Promise<void> {
  await visitor.goto("/admin/");
  await visitor.getByLabel("Username").fill("admin");
  await visitor.getByLabel("Password").fill(password);
  await visitor.getByRole("button", { name: "Log in" }).click();
  await visitor.waitForURL("**/admin/");
}

const main = () => page.locator("main");
const rowsOfList = () => page.locator(".list-table tbody tr").count();

/** Draws with the mouse: points in hundredths of the canvas. */
async function draw(...points: (readonly [number, number])[]): Promise<void> {
  const box = (await page.locator("#drawing").boundingBox())!;
  const at = ([x, y]: readonly [number, number]) => [box.x + (x / 100) * box.width, box.y + (y / 100) * box.height] as const;
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 8 });
  await page.mouse.up();
}

describe("the cafe in a browser", { concurrency: false, timeout: 300_000 }, () => {
  before(async () => {
    mkdirSync(shots, { recursive: true });
    demo = await startDemo(folder, { DEMO_ADMIN_PASSWORD: password });
    browser = await launchChromium();
    page = await openPage();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a coffee is added on the page", async () => {
    await page.goto("/coffee/");
    await page.getByLabel("Name").fill("Flat white");
    await page.getByLabel("Price").fill("4100");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Flat white , 4100").waitFor();
  });

  test("a drawn one and a drawn seven are read", async () => {
    await page.goto("/digits/");
    await draw([50, 15], [50, 85]);
    await page.locator("#digit", { hasText: "1" }).waitFor();
    assert.equal(await page.locator("#probabilities li .percent", { hasText: "%" }).count(), 10);
    await page.getByRole("button", { name: "Clear" }).click();
    await draw([25, 20], [75, 20], [45, 85]);
    await page.locator("#digit", { hasText: "7" }).waitFor();
  });

  test("the penguin form is answered with a species and how sure the model is", async () => {
    await page.goto("/penguins/");
    await page.getByLabel("Island").selectOption("Biscoe");
    for (const [label, value] of Object.entries({
      "Beak length": "46.1",
      "Beak depth": "13.2",
      "Flipper length": "211",
      "Body mass": "4500",
    }))
      await page.getByLabel(label).fill(value);
    await page.getByLabel("Sex").selectOption("FEMALE");
    await page.getByRole("button", { name: "Ask the model" }).click();
    await page.locator("#answer", { hasText: "Gentoo" }).waitFor();
    assert.equal(await page.locator("#answer progress").count(), 3);
  });

  test("a wrong password is refused, the right one opens the admin", async () => {
    const stranger = await (await browser.newContext({ baseURL: demo.url })).newPage();
    await stranger.goto("/admin/");
    assert.match(stranger.url(), /\/admin\/login\/\?next=/);
    await stranger.getByLabel("Username").fill("admin");
    await stranger.getByLabel("Password").fill("wrong");
    await stranger.getByRole("button", { name: "Log in" }).click();
    await stranger.locator(".errorlist, [role=alert], .message.error").first().waitFor();
    await stranger.context().close();
    await logIn(page);
    await main().getByRole("heading", { name: "Cafe" }).waitFor();
  });

  test("a row is added, searched, filtered, changed, looked up in its history and deleted", async () => {
    await page.goto("/admin/homepage/coffee/");
    await page.getByRole("link", { name: "Add coffee" }).click();
    await page.getByLabel("Name").fill("Iced cortado");
    await page.getByLabel("Price").fill("5000");
    await page.getByLabel("Is ice").check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await main().getByRole("link", { name: "Iced cortado" }).first().waitFor();
    assert.equal(await rowsOfList(), 2);
    await page.getByLabel("Search coffees").fill("flat");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=flat/);
    assert.equal(await rowsOfList(), 1);
    await page.goto("/admin/homepage/coffee/");
    await page.getByText("＋ Filter").click();
    await page.getByRole("link", { name: "Yes", exact: true }).click();
    await page.waitForURL(/isIce=true/);
    assert.equal(await rowsOfList(), 1);
    await page.locator(".list-table").getByRole("link", { name: "Iced cortado" }).click();
    await page.getByLabel("Price").fill("5200");
    await page.getByRole("button", { name: "Save and continue editing" }).click();
    await page.waitForURL(/change/);
    await page.getByRole("link", { name: "History" }).click();
    await main().getByText(/price/i).first().waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Delete…" }).click();
    await page.getByRole("button", { name: "Delete 1 coffee" }).click();
    await page.waitForURL(/\/admin\/homepage\/coffee\/(\?.*)?$/);
    await page.goto("/admin/homepage/coffee/");
    assert.equal(await rowsOfList(), 1);
  });

  test("a training that the button started is watched until it succeeded", async () => {
    await page.goto("/admin/models/penguin-species/");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.locator("[data-run-state]", { hasText: "succeeded" }).first().waitFor({ timeout: 30_000 });
    await page.goto("/admin/models/penguin-species/");
    await page.getByText("default → v2").waitFor();
  });

  test("the model is tried on its page", async () => {
    await page.goto("/admin/models/penguin-species/");
    await page.getByLabel("Island").selectOption("Torgersen");
    await page.getByLabel("Beak length").fill("38.9");
    await page.getByRole("button", { name: "Predict" }).click();
    await page.locator(".answer", { hasText: "Adelie" }).waitFor();
  });

  test("nothing complained in the console", () => {
    assert.deepEqual(complaints, []);
  });

  test("a visitor chooses Korean, and the pages and the admin speak it from then on", async () => {
    const visitor = await openPage();
    await visitor.goto("/coffee/");
    await visitor.getByRole("button", { name: "한국어" }).click();
    await visitor.getByRole("heading", { name: "나의 커피 목록" }).waitFor();
    await visitor.getByLabel("이름").fill("라떼");
    await visitor.getByLabel("가격").fill("-1");
    await visitor.getByRole("button", { name: "저장" }).click();
    await visitor.getByText("가격은 음수일 수 없습니다.").waitFor();
    await visitor.goto("/admin/");
    await visitor.getByRole("heading", { name: "로그인" }).waitFor();
    assert.deepEqual(await axeFindings(visitor), []);
    await visitor.goto("/");
    await visitor.screenshot({ path: join(shots, "korean index.png") });
    await visitor.context().close();
  });

  test("axe is awake: it finds an image without a text", async () => {
    const blank = await openPage();
    await blank.setContent('<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"></main>');
    assert.match((await axeFindings(blank)).join("\n"), /image-alt/);
    await blank.context().close();
  });

  test("every page is drawn in light, in dark and on a phone; axe finds no fault, and none is wider than its screen", async () => {
    const paths = [
      "/",
      "/coffee/",
      "/penguins/?island=Biscoe&beakLength=46",
      "/digits/",
      "/missing/",
      "/admin/",
      "/admin/homepage/coffee/",
      "/admin/homepage/coffee/add/",
    ];
    paths.push(
      "/admin/homepage/coffee/1/change/",
      "/admin/homepage/coffee/1/history/",
      "/admin/homepage/coffee/1/delete/",
      "/admin/penguins/penguin/",
      "/admin/accounts/user/1/change/",
    );
    paths.push(
      "/admin/models/",
      "/admin/models/penguin-species/",
      "/admin/models/digits/",
      "/api/docs",
      "/admin/runs/",
      "/admin/runs/2/",
      "/admin/password_change/",
      "/admin/search/?q=pen",
    );
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const faults: string[] = [];
    for (const [look, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, phone } as Record<
      string,
      BrowserContextOptions
    >)) {
      const visitor = await openPage(options);
      await visitor.goto("/admin/");
      faults.push(...(await axeFindings(visitor)).map((fault) => `log-in (${look}): ${fault}`));
      await visitor.screenshot({ path: join(shots, `${look} login.png`) });
      await logIn(visitor);
      for (const path of paths) {
        await visitor.goto(path);
        await visitor.screenshot({
          path: join(shots, `${look}${path.split("?")[0]!.replaceAll("/", " ").trimEnd() || " index"}.png`),
          fullPage: look === "phone",
        });
        faults.push(...(await axeFindings(visitor)).map((fault) => `${path} (${look}): ${fault}`));
        const [wide, screen] = (await visitor.evaluate(
          "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
        )) as [number, number];
        assert.ok(wide <= screen, `${path} (${look}) is ${wide} wide on a screen of ${screen}`);
      }
      await visitor.context().close();
    }
    assert.deepEqual(faults, []);
  });
});
