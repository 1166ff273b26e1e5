import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type CortadoError, defineApp, type ProjectSettings } from "#kernel";
import { ModelForm } from "cortado/forms";
import {
  char,
  checkModels,
  clearModels,
  type Converter,
  type Database,
  dateTime,
  Field,
  type FieldOptions,
  type FieldValue,
  integer,
  json,
  manager,
  Model,
  type PresenceOf,
  registerModels,
  slug,
  text,
  check,
  index,
  foreignKey,
} from "cortado/orm";
import { createTables, makeMigrations, registerFieldKind } from "cortado/orm/migrations";
import { ValidationError } from "cortado/validation";
import { openModels, targets } from "./open-cafe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const inspect = async (models: Record<string, unknown>) => {
  const app = defineApp({ name: "shop", models });
  registerModels(app);
  return checkModels({ apps: [app] } as unknown as ProjectSettings);
};

test("a tablespace is refused, and the hint says how one is used", () => {
  assert.throws(() => char({ dbTablespace: "fast" } as object), (error: CortadoError) => {
    assert.equal(error.code, "ORM_BAD_FIELD_OPTION");
    assert.match(error.message, /tablespaces/);
    assert.match(error.hint!, /SET TABLESPACE/);
    return true;
  }); // oxfmt-ignore
});

test("a field has messages of its own, by code", () => {
  const field = char({ maxLength: 3, errorMessages: { null: "Say something.", blank: "Say more.", max_length: "Say less." } });
  const said = (value: unknown) => {
    try {
      field.clean(value);
      return "";
    } catch (error) {
      return (error as ValidationError).messages[0];
    }
  };
  assert.deepEqual([null, "", "long"].map(said), ["Say something.", "Say more.", "Say less."]);
});

test("what is not editable is left out of forms, and what is not serialized out of dumps", () => {
  assert.equal(char({ editable: false }).editable, false);
  assert.equal(dateTime({ autoNow: true }).editable, false);
  assert.equal(char().serialize, true);
  assert.equal(char({ serialize: false }).serialize, false);
});

test("a slug takes letters beyond ASCII when it is told to", () => {
  assert.throws(() => slug().clean("커피"), ValidationError);
  assert.equal(slug({ allowUnicode: true }).clean("커피"), "커피");
});

test("a migration keeps what changes the table: column, collation, remark, defaults", () => {
  const field = char({
    maxLength: 5,
    dbColumn: "c",
    dbCollation: "NOCASE",
    dbComment: "why",
    dbDefault: "x",
    choices: { a: "A" },
    helpText: "no",
  });
  assert.deepEqual(field.deconstruct(), {
    kind: "char",
    options: { maxLength: 5, dbColumn: "c", dbCollation: "NOCASE", dbComment: "why", dbDefault: "x" },
  });
});

test("checks find choices that are too long, two clocks and dates that are none", async () => {
  class Coffee extends Model({
    country: char({ maxLength: 2, choices: { KOR: "Korea" } }),
    changed: dateTime({ autoNow: true, autoNowAdd: true }),
    title: text({ uniqueForDate: "country" }),
  }) {
    static objects = manager(this);
  }
  const found = (await inspect({ Coffee })).map(({ code, object, hint }) => [code, object, hint]);
  assert.deepEqual(found, [
    ["ORM_CHECK_LONG_CHOICE", "shop.Coffee.country", "Raise maxLength to 3."],
    ["ORM_CHECK_TWO_CLOCKS", "shop.Coffee.changed", "Keep one of them."],
    ["ORM_CHECK_UNIQUE_FOR", "shop.Coffee.title", "Name a field that holds a date."],
  ]);
});

test("checks find options that no field has, and conditions over fields that are not there", async () => {
  class Bean extends Model(
    {
      name: char({ maxLength: 9, nul: true } as never),
      price: integer({ default: 1 }),
      parent: () => foreignKey("self", { onDelete: "cascade", relatedName: "+", nul: true, null: true }),
    },
    {
      constraints: [check("dear", { prise: { gte: 0 } } as never)],
      indexes: [index(["name"], { name: "by_name", condition: (bean) => bean.prize.gt(1) })],
    },
  ) {
    static objects = manager(this);
  }
  const found = (await inspect({ Bean })).map(({ code, object, message, hint }) => [code, object, message.slice(0, 60), hint]);
  assert.deepEqual(found, [
    ["ORM_CHECK_UNKNOWN_OPTION", "shop.Bean.name", 'No field has an option "nul".', 'Did you mean "null"?'],
    ["ORM_CHECK_UNKNOWN_OPTION", "shop.Bean.parent", 'No field has an option "nul".', 'Did you mean "null"?'],
    ["ORM_UNKNOWN_FIELD", "shop.Bean", 'In the condition of dear: Bean has no field "prise". It has:', 'Did you mean "price"?'],
    ["ORM_UNKNOWN_FIELD", "shop.Bean", 'In the condition of by_name: Bean has no field "prize". It h', 'Did you mean "price"?'],
  ]);
});

/** Kilometres, kept in metres. */
class DistanceField<V = number, O = any> extends Field<V, PresenceOf<O>> {
  readonly kind = "distance";
  override get formKind(): string {
    return "float";
  }
  override columnType(): string {
    return "integer";
  }
  override parse(value: unknown): number {
    const number = Number(value);
    if (Number.isNaN(number)) throw this.invalid("invalid", {}, "Enter a distance.");
    return number;
  }
  override writer(): Converter {
    return (value) => Math.round(this.parse(value) * 1000);
  }
  override reader(): Converter {
    return (metres: number) => metres / 1000;
  }
}
/** What an app exports beside the class. */
const distance = <const O extends FieldOptions = {}>(options?: O): DistanceField<FieldValue<number, O>, O> =>
  new DistanceField(options);

registerFieldKind("distance", { builder: distance, from: "../fields.ts" });

class Trip extends Model({ name: char({ default: "" }), length: distance(), back: distance({ null: true }) }) {
  static objects = manager(this);
}

class TripForm extends ModelForm(Trip, { fields: ["name", "length"] }) {}

const exact = json<{ id: bigint }>({
  null: true,
  encoder: (_key, value) => (typeof value === "bigint" ? JSON.rawJSON(String(value)) : value),
  decoder: (_key, value, { source }) => (typeof value === "number" && !Number.isSafeInteger(value) ? BigInt(source!) : value),
});
class Note extends Model({ data: exact }) {
  static objects = manager(this);
}
class Bean extends Model({
  code: char({ maxLength: 5, primaryKey: true }),
  farm: char({ dbColumn: "grown_on", dbIndex: true }),
}) {
  static objects = manager(this);
}
class Kept extends Model({ name: char({ default: "kept" }) }) {
  static objects = manager(this);
}
class Careless extends Model({ name: char({ default: "kept" }), size: integer({ default: 1 }) }) {
  static objects = manager(this);
  override name = "";
}
class Computed extends Model({ name: char({ default: "kept" }) }) {
  static objects = manager(this);
  shout = this.name.toUpperCase();
}

/** A collation that each database has and that has no capitals, or sorts them in their own way. */
const collated = (name: string) =>
  class Word extends Model({ word: char({ maxLength: 5, dbCollation: name, dbComment: "one word" }) }) {
    static objects = manager(this);
  };

for (const { name: target, url, skip } of targets) {
  describe(`options on ${target}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Trip, Note, Bean, Kept, Careless, Computed });
    });
    after(() => db?.close());

    test("a field of one's own reads, writes, compares and validates its values", async () => {
      await Trip.objects.create({ length: 1.5 });
      await Trip.objects.create({ length: 20.25, back: 3 });
      const rows = await Trip.objects.filter({ length: { gt: 1.5 } });
      assert.deepEqual(rows.map((row) => [row.length, row.back]), [[20.25, 3]]); // oxfmt-ignore
      assert.deepEqual(await db.rows("SELECT length FROM cafe_trip ORDER BY length"), [[1500], [20_250]]);
      assert.deepEqual(await Trip.objects.orderBy("-length").valuesList("length", { flat: true }), [20.25, 1.5]);
      const form = new TripForm({ data: { name: "home", length: "3.25" } });
      assert.ok(await form.isValid(), JSON.stringify(form.errors));
      assert.equal((await Trip.objects.get({ pk: (await form.save()).pk })).length, 3.25);
      await assert.rejects(new Trip({ length: "far" as never }).fullClean(), /Enter a distance\./);
      await assert.rejects(Trip.objects.create({ length: "far" as never }), {
        message: 'Trip.length cannot hold "far". It takes a value of a distance field.',
      });
    });

    test("a collation orders a column, and PostgreSQL keeps a remark on it", async () => {
      const Word = collated(db.dialect === "sqlite" ? "NOCASE" : "und-x-icu");
      registerModels(defineApp({ name: "words", models: { Word } }));
      await db.script("DROP TABLE IF EXISTS words_word");
      await createTables([defineApp({ name: "words", models: { Word } })], db);
      for (const word of ["b", "A", "C"]) await Word.objects.create({ word });
      assert.deepEqual(await Word.objects.orderBy("word").valuesList("word", { flat: true }), ["A", "b", "C"]);
      if (db.dialect === "sqlite") return;
      assert.deepEqual(await db.rows("SELECT col_description('words_word'::regclass, 2)"), [["one word"]]);
    });

    test("a field of one's own choice is the key, and one is indexed in its own column", async () => {
      assert.equal(Bean.meta.primaryKey.name, "code");
      const bean = await Bean.objects.create({ code: "B1", farm: "high" });
      assert.equal(bean.pk, "B1");
      assert.equal((await Bean.objects.get({ pk: "B1" })).farm, "high");
      await assert.rejects(Bean.objects.create({ code: "B1", farm: "low" }), { code: "ORM_INTEGRITY" });
      const sql = db.dialect === "sqlite" ? "SELECT name FROM sqlite_master WHERE type = 'index'" : "SELECT indexname FROM pg_indexes"; // oxfmt-ignore
      assert.ok((await db.rows(sql)).flat().includes("cafe_bean_grown_on_idx"));
    });

    test("JSON keeps numbers that JavaScript's own are too small for, by an encoder and a decoder", async () => {
      const { pk } = await Note.objects.create({ data: { id: 9_007_199_254_740_993n } });
      const note = await Note.objects.get({ pk });
      assert.equal(note.data!.id, 9_007_199_254_740_993n);
      await note.save();
      assert.equal((await Note.objects.get({ pk })).data!.id, 9_007_199_254_740_993n);
    });

    test("a class body that declares a field again is refused, in queries, in saving and by the checks", async () => {
      const refusal = {
        code: "ORM_FIELD_REDECLARED",
        message: 'The class Careless declares the property "name", which overwrites the field of that name on every row.',
        hint: 'Remove it from the class body: Model() types the field. A first value is the field\'s default: name: char({ default: "…" }).',
      };
      await assert.rejects(Careless.objects.create({ name: "lost" }), refusal);
      await assert.rejects(async () => Careless.objects.all(), refusal);
      const [found] = await inspect({ Careless });
      assert.equal(found?.code, "ORM_FIELD_REDECLARED");
    });

    test("a class body may declare other properties, also of the values that a row has", async () => {
      registerModels(defineApp({ name: "cafe", models: { Kept, Computed } }));
      await Kept.objects.create({});
      assert.equal((await Kept.objects.get()).name, "kept");
      await Computed.objects.create({ name: "loud" });
      assert.equal((await Computed.objects.get()).shout, "LOUD");
    });
  });
}

test("a migration file imports a field of one's own from where it was registered", async (t) => {
  const folder = temporaryFolder(t);
  clearModels();
  const app = defineApp({ name: "trips", models: { Trip }, directory: folder });
  const [written] = await makeMigrations([app], {});
  assert.match(written!.source, /import \{ distance \} from "\.\.\/fields\.ts";/);
  assert.match(written!.source, /length: distance\(\),\n\s+back: distance\(\{ null: true \}\)/);
});
