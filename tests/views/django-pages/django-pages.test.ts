// Templates that were written for Django, rendered by Cortado from the same files and equal rows, beside what Django made of them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TestSite } from "cortado/testing";
import { askedPages, comparable, recordedPages } from "./asked-pages.ts";
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
        const { status, lines } = recordedPages[page.name]!;
        const answer = await askCortado(site, page);
        assert.equal(answer.status, status);
        assert.equal(comparable(page, answer.body), comparable(page, lines.join("\n")));
      });
    }
  });
}
