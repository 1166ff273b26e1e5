// The template of pages in a browser: what assistive technology is told of it, and that its links lead where they say.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { Engine } from "cortado/templates";
import { KeysetPage, KeysetPaginator, Paginator, viewsApp } from "cortado/views";
import type { Browser, Page } from "playwright-core";
import { axeFindings } from "./axe.ts";
import { launchChromium } from "./chromium.ts";

const skip = existsSync(process.env["CHROMIUM"] ?? "/usr/bin/chromium") ? false : "no Chromium: npm run test:all installs it";
const style = readFileSync(join(viewsApp.staticFiles!, "cortado/cortado.css"), "utf8");
const engine = new Engine({
  directories: [viewsApp.templates!],
  templates: {
    "list.html": `<!doctype html><html lang="en"><head><title>List</title><style>${style}</style></head><body><main><h1>List</h1>
      {% include "cortado/pagination.html" %}</main></body></html>`,
  },
});
const rows = Array.from({ length: 200 }, (_, at) => at);

describe("the template of pages", { skip, concurrency: false, timeout: 60_000 }, () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
  });
  after(() => browser?.close());

  async function show(page_obj: unknown): Promise<string[]> {
    const request = { query: new URLSearchParams("q=x&page=7") };
    await page.setContent(await engine.render("list.html", { request, page_obj }));
    assert.deepEqual(await axeFindings(page), []);
    return page.locator("nav li").allInnerTexts();
  }

  test("numbered pages say which is shown, and lead to the others", async () => {
    const shown = await show(await (await Paginator.of(rows, 10)).page(7));
    assert.deepEqual(shown, ["Previous", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "…", "19", "20", "Next"]);
    assert.equal(await page.locator('[aria-current="page"]').innerText(), "7");
    assert.equal(await page.locator('[rel="next"]').getAttribute("href"), "?q=x&page=8");
  });

  test("pages from row to row lead forth and back", async () => {
    const paginator = new KeysetPaginator<number>({ page: async () => ({ rows: [1], next: "n", previous: "p" }) }, 1);
    assert.deepEqual(await show(new KeysetPage({ rows: [1], next: "n", previous: "p" }, paginator)), ["Previous", "Next"]);
    assert.equal(await page.locator('[rel="prev"]').getAttribute("href"), "?q=x&before=p");
  });
});
