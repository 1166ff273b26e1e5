// Templates that were written for Django, rendered by Cortado from the same files and equal rows, beside what Django made of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TestSite } from "cortado/testing";
import { askedPages, comparable, folder } from "./asked-pages.ts";
import { askCortado, openBookshop } from "./cortado-pages.ts";

const postgres = process.env["CORTADO_TEST_POSTGRES"];
const databases = {
  SQLite: { url: undefined, skip: false },
  PostgreSQL: { url: postgres, skip: postgres ? false : "no PostgreSQL: run through node scripts/start-postgres.ts -- …" },
};

for (const [name, { url, skip }] of Object.entries(databases)) {
  describe(`pages written for Django, on ${name}`, { skip }, () => {
    let site: TestSite;
    before(async () => {
      site = await openBookshop(url);
    });
    after(() => site?.close());

    for (const page of askedPages) {
      test(`${page.name} is the page that Django makes`, async () => {
        const recorded = readFileSync(join(folder, "recorded", `${page.name}.html`), "utf8");
        const { status, body } = await askCortado(site, page);
        assert.equal(comparable(page, `${status}\n${body}`), comparable(page, recorded));
      });
    }
  });
}
