import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ModelForm } from "cortado/forms";
import { gettextLazy, overrideLanguage, useI18n } from "cortado/i18n";
import { char, integer, manager, Model, textChoices } from "cortado/orm";

const words = { name: "이름", "As on the menu.": "메뉴판에 있는 대로.", Small: "작은 것", Dark: "진하게" };
const po = Object.entries(words)
  .map(([english, korean]) => `msgid "${english}"\nmsgstr "${korean}"\n`)
  .join("\n");
useI18n({ languages: { en: "English", ko: "Korean" }, catalogues: [{ language: "ko", po }] });
after(() => useI18n({}));

const Size = textChoices({ SMALL: ["s", gettextLazy("Small")], LARGE: "l" });

class Coffee extends Model({
  name: char({ maxLength: 30, verboseName: gettextLazy("name"), helpText: gettextLazy("As on the menu.") }),
  size: char({ maxLength: 1, choices: Size, default: "s" }),
  roast: char({ maxLength: 1, choices: { d: gettextLazy("Dark") }, default: "d" }),
  price: integer({ default: 0 }),
}) {
  static objects = manager(this);
}
class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "size", "roast"] }) {}

test("one class of forms speaks each visitor's language", async () => {
  const draw = () => String(new CoffeeForm().asP);
  const [english, korean, again] = [draw(), overrideLanguage("ko", draw), draw()];
  for (const word of Object.keys(words)) assert.ok(english.includes(word === "name" ? "Name:" : word), word);
  for (const word of Object.values(words)) assert.ok(korean.includes(word), word);
  assert.doesNotMatch(korean, /Name|Small|Dark/);
  assert.equal(again, english);
  const form = overrideLanguage("ko", () => new CoffeeForm({ data: { name: "", size: "x", roast: "d" } }));
  await overrideLanguage("ko", () => form.isValid());
  assert.deepEqual(Object.keys(form.errors), ["name", "size"]);
});
