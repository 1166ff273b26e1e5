// What widgets read, leave out and insist on, beyond what one form shows.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as f from "cortado/forms";
import { temporaryFolder } from "../temporary-folder.ts";

const html = async (of: f.Html): Promise<string> => String(await of);
const none = new URLSearchParams();

test("several widgets for one value have names of their own", async () => {
  const widget = f.multiWidget({
    widgets: { from: f.textInput({ attrs: { class: "a" } }), "": f.textInput },
    attrs: { class: "big", lang: "la" },
  });
  assert.equal(
    await html(widget.render("span", ["john", "lennon"], { id: "id_span" })),
    '<input type="text" name="span_from" value="john" class="a" lang="la" id="id_span_0">' +
      '<input type="text" name="span" value="lennon" class="big" lang="la" id="id_span_1">',
  );
  const data = new URLSearchParams("span_from=x&span=y");
  assert.deepEqual(widget.valueFrom(data, none, "span"), ["x", "y"]);
  assert.equal(widget.isOmitted(data, none, "span"), false);
  assert.equal(widget.isOmitted(none, none, "span"), true);
  assert.equal(widget.idForLabel("id"), "");
});

test("a widget keeps the limits that it was given where its field has none", async () => {
  class Own extends f.Form({
    code: f.charField({ widget: f.textInput({ attrs: { minlength: 3, pattern: "x+", maxlength: 9 } }) }),
    n: f.integerField({ minValue: 1, widget: f.numberInput({ attrs: { min: 2, max: 8, step: 5 } }) }),
    d: f.decimalField({ decimalPlaces: 2, widget: f.numberInput({ attrs: { step: "any" } }) }),
  }) {}
  const form = new Own();
  assert.equal(
    (await Promise.all((["code", "n", "d"] as const).map((name) => html(form.get(name).asWidget())))).join("\n"),
    '<input type="text" name="code" minlength="3" pattern="x+" maxlength="9" required id="id_code">\n' +
      '<input type="number" name="n" min="1" max="8" step="5" required id="id_n">\n' +
      '<input type="number" name="d" step="any" required id="id_d">',
  );
});

test("copies of several widgets are apart", () => {
  const widget = f.multiWidget({ widgets: [f.textInput, f.textInput] });
  const copy = widget.copy();
  copy.widgets[0]!.attrs = { class: "changed" };
  assert.deepEqual(widget.widgets[0]!.attrs, {});
});

test("a date and a time in two inputs take attributes and formats of their own", async () => {
  const moment = new Date("2006-01-10T07:30:00Z");
  const widget = f.splitDateTimeWidget({
    dateAttrs: { class: "d" },
    timeAttrs: { class: "t" },
    dateFormat: "%d/%m/%Y",
    timeFormat: "%H:%M",
  });
  assert.equal(
    await html(widget.render("at", moment)),
    '<input type="text" name="at_0" value="10/01/2006" class="d"><input type="text" name="at_1" value="07:30" class="t">',
  );
  assert.equal(
    await html(f.splitHiddenDateTimeWidget().render("at", moment)),
    '<input type="hidden" name="at_0" value="2006-01-10"><input type="hidden" name="at_1" value="07:30:00">',
  );
});

test("a date in three selects keeps what is no day, and says where there is none", async () => {
  const widget = f.selectDateWidget({ years: [2024], emptyLabel: ["Year", "Month", "Day"], months: { 1: "jan" } });
  const read = (text: string) => widget.valueFrom(new URLSearchParams(text), none, "d");
  assert.equal(read("d_year=2024&d_month=2&d_day=31"), "2024-2-31");
  assert.equal(read("d_year=2024&d_month=&d_day="), "2024-0-0");
  assert.equal(read("d_year=&d_month=&d_day="), undefined);
  assert.equal(read("d=2024-01-01"), "2024-01-01");
  assert.equal(read("d_year=x&d_month=1&d_day=1"), "x-1-1");
  const shown = await html(widget.render("d", "2024-0-3"));
  assert.match(shown, /<option value="" selected>Month<\/option>\s*<option value="1">jan<\/option>/);
  assert.match(shown, /<option value="3" selected>3<\/option>/);
  assert.throws(() => f.selectDateWidget({ emptyLabel: ["a", "b"] as never }), {
    code: "FORMS_EMPTY_LABEL",
    message: 'selectDateWidget: "emptyLabel" has 2 texts, but there are three selects.',
    hint: 'Give one for each, in this order: { emptyLabel: ["Year", "Month", "Day"] }, or one text for all.',
  });
});

test("several files are chosen at once, and each is looked at", async () => {
  const file = (name: string, size = 3): f.SubmittedFile => ({ name, size, bytes: async () => new Uint8Array(size) });
  const files = { has: () => true, get: () => null, getAll: () => [file("a.txt"), file("b.txt")] };
  class Upload extends f.Form({ notes: f.multipleFileField({ maxLength: 5 }) }) {}
  assert.equal(await html(new Upload().notes.toHtml()), '<input type="file" name="notes" multiple required id="id_notes">');
  const form = new Upload({ files });
  assert.equal(await form.isValid(), true);
  assert.deepEqual(form.cleanedData.notes.map(({ name }) => name), ["a.txt", "b.txt"]); // prettier-ignore
  await assert.rejects(f.multipleFileField().clean([file("a.txt"), file("b.txt", 0)]), { codes: ["empty"] });
  await assert.rejects(f.multipleFileField().clean([]), { codes: ["required"] });
  await assert.rejects(f.multipleFileField({ maxLength: 1 }).clean([file("abc")]), {
    messages: ["Ensure this filename has at most 1 character (it has 3)."],
  });
  assert.deepEqual(await f.multipleFileField({ required: false }).clean(undefined), []);
  assert.throws(() => f.fileInput({ attrs: { multiple: true } }), {
    code: "FORMS_SEVERAL_FILES",
    message: 'A file input has the attribute "multiple", but reads one file only.',
    hint: "Say so: fileInput({ allowMultipleSelected: true }), with multipleFileField().",
  });
});

test("a file that is kept stays ticked for clearing where the form is shown again", async () => {
  class Photo extends f.Form({ photo: f.fileField({ required: false }), name: f.charField() }) {}
  const kept = { url: "/media/a b.png", toString: () => "a b.png" };
  const form = new Photo({ data: { "photo-clear": "on", name: "" }, files: {}, initial: { photo: kept } });
  assert.equal(await form.isValid(), false);
  assert.match(
    await html(form.photo.toHtml()),
    /<a href="\/media\/a b\.png">a b\.png<\/a>\s*<input type="checkbox" name="photo-clear" id="photo-clear_id" checked>/,
  );
  assert.equal(form.cleanedData.photo, false);
});

test("a path is one of the files of a folder, as they are when a form asks", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "inner"));
  for (const name of ["b.md", "a.md", "c.txt", "inner/d.md"]) writeFileSync(join(folder, name), "");
  const labels = async (options: Partial<f.FilePathFieldOptions>) => {
    const field = f.filePathField({ path: folder, ...options });
    return [...(await html(field.widget.render("p", null))).matchAll(/<option value="[^"]*"[^>]*>([^<]*)</g)].map(
      ([, label]) => label,
    );
  };
  assert.deepEqual(await labels({}), ["a.md", "b.md", "c.txt"]);
  assert.deepEqual(await labels({ match: "\\.md$", recursive: true, required: false }), [
    "---------",
    "a.md",
    "b.md",
    "inner/d.md",
  ]);
  assert.deepEqual(await labels({ allowFiles: false, allowFolders: true }), ["inner"]);
  const field = f.filePathField({ path: folder });
  assert.equal(await field.clean(join(folder, "a.md")), join(folder, "a.md"));
  await assert.rejects(field.clean("/etc/passwd"), { codes: ["invalid_choice"] });
});

test("widgets insist on values where browsers can tell", () => {
  assert.equal(f.hiddenInput().usesRequired(null), false);
  assert.equal(f.checkboxSelectMultiple().usesRequired(null), false);
  assert.equal(f.clearableFileInput().usesRequired("kept"), false);
  assert.equal(f.textInput().usesRequired(null), true);
});

test("a list is one value where JSON says so, and several where a form does", () => {
  const widget = f.selectMultiple();
  assert.deepEqual(widget.valueFrom(new URLSearchParams("a=1&a=2"), none, "a"), ["1", "2"]);
  assert.equal(widget.valueFrom(none, none, "a"), undefined);
});

test("each input has its type, and takes attributes", async () => {
  const types = { text: f.textInput, number: f.numberInput, email: f.emailInput, url: f.urlInput, tel: f.telInput, search: f.searchInput, color: f.colorInput, hidden: f.hiddenInput }; // prettier-ignore
  for (const [type, make] of Object.entries(types)) {
    const shown = await html(make({ attrs: { class: "a" } }).render("n", "v", { id: "i" }));
    assert.equal(shown, `<input type="${type}" name="n" value="v" class="a" id="i">`);
    assert.equal(await html(make().render("n", "")), `<input type="${type}" name="n">`);
  }
  assert.equal(await html(f.passwordInput().render("n", "v")), '<input type="password" name="n">');
  assert.equal(await html(f.passwordInput({ renderValue: true }).render("n", "v")), '<input type="password" name="n" value="v">');
  assert.equal(await html(f.textarea().render("n", "\nv")), '<textarea name="n" cols="40" rows="10">\n\nv</textarea>');
  assert.equal(await html(f.checkboxInput().render("n", true)), '<input type="checkbox" name="n" checked>');
  assert.equal(await html(f.checkboxInput().render("n", "v")), '<input type="checkbox" name="n" value="v" checked>');
  assert.equal(await html(f.checkboxInput().render("n", false)), '<input type="checkbox" name="n">');
  assert.equal(
    await html(f.multipleHiddenInput().render("n", ["a", "b"], { id: "i" })),
    '<input type="hidden" name="n" value="a" id="i_0"><input type="hidden" name="n" value="b" id="i_1">',
  );
});

test("several choices are selected, or ticked; a box that is not ticked was sent all the same", async () => {
  const choices = { a: "A", b: "B" };
  assert.equal(
    (await html(f.selectMultiple({ choices }).render("n", ["b"]))).replace(/\n\s*/g, ""),
    '<select name="n" multiple><option value="a">A</option><option value="b" selected>B</option></select>',
  );
  assert.match(await html(f.checkboxSelectMultiple({ choices }).render("n", ["b"])), /value="b" checked> B/);
  assert.equal(f.checkboxInput().isOmitted(none, none, "n"), false);
  assert.equal(f.selectMultiple().isOmitted(none, none, "n"), false);
  assert.equal(f.textInput().isOmitted(none, none, "n"), true);
  assert.equal(f.checkboxInput().valueFrom(none, none, "n"), false);
});
