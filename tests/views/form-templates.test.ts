// A project's own templates of forms, its renderer, and its address of static files.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defineApp, defineProject, openProject } from "cortado";
import { charField, Form, type FormRenderer, type MediaDefinition, useFormRenderer } from "cortado/forms";
import { safe } from "cortado/templates";
import { temporaryFolder } from "../temporary-folder.ts";

class Order extends Form({ name: charField() }) {
  static override media: MediaDefinition = { js: ["shop/order.js"] };
}

test("a project's templates replace those of forms, and its media are where its static files are", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "cortado/forms"), { recursive: true });
  writeFileSync(join(folder, "cortado/forms/label.html"), "<b>{{ label }}</b>");
  writeFileSync(join(folder, "page.html"), "{{ form.as_p }}|{{ form.media }}");
  const shop = defineApp({ name: "shop", templates: folder });
  const project = await openProject(
    defineProject({
      apps: [shop],
      database: "sqlite::memory:",
      secretKey: "of tests",
      allowedHosts: ["localhost"],
      staticUrl: "/files/",
    }),
  );
  t.after(() => project.close());
  t.after(() => useFormRenderer(undefined));
  assert.equal(
    await project.services.templates.render("page.html", { form: new Order() }),
    '<p><b>Name:</b> <input type="text" name="name" required id="id_name"></p>|<script src="/files/shop/order.js"></script>',
  );
});

test("the setting formRenderer draws every form of a project", async (t) => {
  const formRenderer: FormRenderer = { renderHtml: (name) => safe(`<i>${name}</i>`) };
  const project = await openProject(
    defineProject({ apps: [], database: "sqlite::memory:", secretKey: "of tests", allowedHosts: ["localhost"], formRenderer }),
  );
  t.after(() => project.close());
  t.after(() => useFormRenderer(undefined));
  assert.equal(String(await new Order().asP), "<i>cortado/forms/p.html</i>");
});
