import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gettextLazy, overrideLanguage, useI18n } from "cortado/i18n";
import { char, integer, manager, Model, textChoices } from "cortado/orm";
import { openModels } from "./open-cafe.ts";

const po = `
msgid "coffee"
msgstr "커피"
msgid "coffees"
msgstr "커피들"
msgid "name"
msgstr "이름"
msgid "As on the menu."
msgstr "메뉴판에 있는 대로."
msgid "Small"
msgstr "작은 것"
msgid "Nothing"
msgstr "없음"
`;
useI18n({ language: "en", languages: { en: "English", ko: "Korean" }, catalogues: [{ language: "ko", po }] });
after(() => useI18n({}));

const Size = textChoices({ SMALL: ["s", gettextLazy("Small")], LARGE: "l" }, { empty: gettextLazy("Nothing") });

class Coffee extends Model(
  {
    name: char({ maxLength: 30, verboseName: gettextLazy("name"), helpText: gettextLazy("As on the menu.") }),
    size: char({ maxLength: 1, choices: Size, default: "s" }),
    roast: char({ maxLength: 1, choices: { l: gettextLazy("Small"), d: "Dark" }, default: "d" }),
    price: integer({ default: 0 }),
  },
  { verboseName: gettextLazy("coffee"), verboseNamePlural: gettextLazy("coffees") },
) {
  static objects = manager(this);
}

/** What a person reads of the model. */
const texts = () => {
  const { meta } = Coffee;
  return [
    meta.verboseName,
    meta.verboseNamePlural,
    meta.field("name").verboseName,
    meta.field("name").helpText,
    meta.field("size").displayOf("s"),
    meta.field("roast").displayOf("l"),
    ...Size.labels,
    Size.labelOf(null),
  ];
};

test("what a model, its fields and its choices are called is translated when it is shown", async (t) => {
  const db = await openModels("sqlite::memory:", { Coffee });
  t.after(() => db.close());
  const english = ["coffee", "coffees", "name", "As on the menu.", "Small", "Small", "Small", "Large", "Nothing"];
  assert.deepEqual(texts(), english);
  assert.deepEqual(overrideLanguage("ko", texts), [
    "커피",
    "커피들",
    "이름",
    "메뉴판에 있는 대로.",
    "작은 것",
    "작은 것",
    "작은 것",
    "Large",
    "없음",
  ]);
  const row = await Coffee.objects.create({ name: "Latte", size: Size.SMALL, roast: "l" });
  const size: "s" | "l" = row.size;
  const roast: "l" | "d" = row.roast;
  assert.deepEqual([size, roast], ["s", "l"]);
});
