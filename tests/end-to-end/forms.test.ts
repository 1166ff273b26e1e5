// Every field and widget in a browser: what assistive technology is told of them, in each layout, before and after a refusal;
// and that the browser itself holds to the limits of the fields.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import * as f from "cortado/forms";
import { ValidationError } from "cortado/validation";
import type { Browser, Page } from "playwright-core";
import { axeFindings } from "./axe.ts";
import { launchChromium } from "./chromium.ts";

const sizes = { s: "Small", l: "Large" };
const grouped = { ...sizes, Cold: { i: "Iced" } };
const help = "What people call it.";

class Everything extends f.Form({
  text: f.charField({
    minLength: 2,
    maxLength: 9,
    helpText: help,
    widget: f.textInput({ attrs: { autocomplete: "name", inputmode: "text" } }),
  }),
  area: f.charField({ widget: f.textarea, maxLength: 20, helpText: help }),
  email: f.emailField({ helpText: help }),
  link: f.urlField(),
  slug: f.slugField(),
  phone: f.charField({ widget: f.telInput }),
  query: f.charField({ widget: f.searchInput }),
  color: f.charField({ widget: f.colorInput }),
  password: f.charField({ widget: f.passwordInput }),
  whole: f.integerField({ minValue: 2, maxValue: 9, stepSize: 2 }),
  big: f.bigIntegerField(),
  float: f.floatField(),
  exact: f.decimalField({ decimalPlaces: 2 }),
  agreed: f.booleanField({ helpText: help }),
  perhaps: f.nullBooleanField(),
  size: f.choiceField({ choices: [["", "—"], ...Object.entries(sizes)] }),
  several: f.multipleChoiceField({ choices: grouped, helpText: help }),
  radio: f.choiceField({ choices: sizes, widget: f.radioSelect, helpText: help }),
  boxes: f.multipleChoiceField({ choices: grouped, widget: f.checkboxSelectMultiple }),
  day: f.dateField({ widget: f.dateInput({ attrs: { type: "date" } }) }),
  time: f.timeField(),
  moment: f.dateTimeField(),
  length: f.durationField(),
  born: f.dateField({ widget: f.selectDateWidget, helpText: help }),
  split: f.splitDateTimeField(),
  key: f.uuidField(),
  address: f.genericIPAddressField(),
  json: f.jsonField(),
  photo: f.imageField(),
  kept: f.fileField({ required: false }),
  papers: f.multipleFileField(),
  tags: f.simpleArrayField({ base: f.charField() }),
  bounds: f.rangeField({ base: f.integerField() }),
  fixed: f.charField({ disabled: true, initial: "fixed" }),
  hidden: f.charField({ widget: f.hiddenInput }),
}) {
  override clean() {
    throw new ValidationError("This order cannot be taken.");
  }
}

/** Without a style of its own, a browser's inputs are smaller than fingers need. */
const style = "<style>input, select, button { min-height: 24px; margin: 4px }</style>";
const kept = { url: "/media/menu.pdf", toString: () => "menu.pdf" };
const around = { asP: ["", ""], asDiv: ["", ""], asTable: ["<table>", "</table>"], asUl: ["<ul>", "</ul>"] } as const;

async function pageOf(layout: keyof typeof around, data: Record<string, unknown> | undefined): Promise<string> {
  const form = new Everything({ initial: { kept }, ...(data ? { data, files: {} } : {}) });
  const [open, close] = around[layout];
  return `<!doctype html><html lang="en"><head><title>Order</title>${style}</head><body><main><h1>Order</h1>
    <form method="post" enctype="multipart/form-data">${open}${String(await form[layout])}${close}<button>Send</button></form></main></body></html>`;
}

const skip = existsSync(process.env["CHROMIUM"] ?? "/usr/bin/chromium") ? false : "no Chromium: npm run test:all installs it";

describe("forms in a browser", { skip, concurrency: false, timeout: 120_000 }, () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
  });
  after(async () => browser?.close());

  for (const layout of Object.keys(around) as (keyof typeof around)[]) {
    for (const [state, data] of [
      ["as it is first shown", undefined],
      ["refused", { text: "x", whole: "1", radio: "?", born_year: "1" }],
    ] as const) {
      // prettier-ignore
      test(`every field and widget ${state} passes axe in ${layout}`, async () => {
        await page.setContent(await pageOf(layout, data));
        assert.deepEqual(await axeFindings(page), []);
      });
    }
  }

  test("a refused field is invalid for assistive technology, and described by its help and its errors", async () => {
    await page.setContent(await pageOf("asDiv", { text: "x" }));
    const text = page.getByLabel("Text:", { exact: true });
    assert.equal(await text.getAttribute("aria-invalid"), "true");
    const ids = (await text.getAttribute("aria-describedby"))!.split(" ");
    const described = await Promise.all(ids.map((id) => page.locator(`#${id}`).textContent()));
    assert.deepEqual(described, [help, "Ensure this value has at least 2 characters (it has 1)."]);
    assert.equal(await page.getByRole("group", { name: "Radio:" }).count(), 1);
  });

  test("the browser holds to the limits of the fields", async () => {
    await page.setContent(await pageOf("asP", undefined));
    const valid = (name: string, value: string) =>
      page.locator(`[name="${name}"]`).evaluate((input: any, given) => {
        input.value = given;
        return input.checkValidity() as boolean;
      }, value);
    assert.deepEqual([await valid("whole", "3"), await valid("whole", "4"), await valid("whole", "10")], [false, true, false]);
    assert.deepEqual(
      [await valid("email", "x"), await valid("email", "x@example.com"), await valid("email", "")],
      [false, true, false],
    );
    assert.deepEqual([await valid("exact", "1.234"), await valid("exact", "1.23")], [false, true]);
    assert.equal(await page.locator("[name=text]").getAttribute("maxlength"), "9");
    assert.equal(await page.locator("[name=photo]").getAttribute("accept"), "image/*");
    assert.equal(await page.locator("[name=papers]").evaluate((input: any) => input.multiple as boolean), true);
  });
});
