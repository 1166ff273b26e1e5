// Templates that were written for Django, rendered by the Django that is installed and by Cortado, at the same time.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TestSite } from "cortado/testing";
import { type Answer, askedPages, comparable, folder, withoutTokens } from "../views/django-pages/asked-pages.ts";
import { askCortado, openBookshop } from "../views/django-pages/cortado-pages.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const python = ["python3", "/usr/bin/python3"].find((one) => spawnSync(one, ["-c", "import django"]).status === 0);
const skip = python ? false : "no Django: apt-get install python3-django";

describe("pages written for Django, beside the Django that is here", { skip }, () => {
  let site: TestSite;
  let django: { version: string; pages: Record<string, Answer> };
  const scratch = temporaryFolder();
  before(async () => {
    const made = spawnSync(python!, [join(folder, "django_pages.py"), scratch], { encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    django = JSON.parse(made.stdout);
    site = await openBookshop();
  });
  after(() => site?.close());

  for (const page of askedPages) {
    test(`${page.name} is the page that Django makes`, async (t) => {
      const theirs = django.pages[page.name];
      if (theirs === undefined) return t.skip(`Django ${django.version} is older than ${page.since}`);
      const ours = await askCortado(site, page);
      assert.equal(ours.status, theirs.status);
      assert.equal(comparable(page, ours.body), comparable(page, withoutTokens(theirs.body)));
    });
  }
});
