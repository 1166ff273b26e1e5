import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, beforeEach, suite, test } from "node:test";
import { defineApp } from "#kernel";
import {
  bigInteger,
  binary,
  boolean,
  char,
  type Database,
  date,
  dateTime,
  decimal,
  duration,
  foreignKey,
  json,
  Manager,
  manager,
  manyToMany,
  Model,
  postSave,
  useDatabases,
} from "cortado/orm";
import {
  dumpData,
  findFixtures,
  fixtureFile,
  fixtureStream,
  flushTables,
  formatNamed,
  loadData,
  registerFormat,
  serialize,
  serializationErrors,
  writeFixture,
} from "cortado/orm/serialization";
import { Decimal, Temporal } from "cortado/validation";
import { openModels, targets } from "./open-cafe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

class RoasterManager extends Manager<Roaster> {
  getByNaturalKey(name: string) {
    return this.get({ name });
  }
}

class Roaster extends Model({ name: char({ maxLength: 40, unique: true }) }) {
  static objects = new RoasterManager(this);
  naturalKey() {
    return [this.name];
  }
}

class Tag extends Model({ name: char({ maxLength: 40 }) }) {
  static objects = manager(this);
}

class Coffee extends Model({
  name: char({ maxLength: 40 }),
  price: decimal({ maxDigits: 8, decimalPlaces: 2 }),
  stock: bigInteger({ default: 0n }),
  isIce: boolean({ default: false }),
  roasted: date({ null: true }),
  added: dateTime(),
  brewing: duration({ null: true }),
  picture: binary({ null: true }),
  notes: json({ default: () => ({}) }),
  roaster: () => foreignKey(Roaster, { onDelete: "cascade", null: true }),
  blend: () => foreignKey("cafe.Coffee", { onDelete: "setNull", null: true }),
  tags: () => manyToMany(Tag),
}) {
  static objects = manager(this);
}

const models = { Coffee, Roaster, Tag };
const app = defineApp({ name: "cafe", models });

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

function fixtureOf(text: string, format = "json") {
  return fixtureStream(Readable.from([Buffer.from(text)]), format);
}

/** A row of each model, with values that lose something when they are taken lightly. */
async function fill(): Promise<void> {
  const fritz = await Roaster.objects.create({ name: "Fritz" });
  const [milk, cold] = [await Tag.objects.create({ name: "milk" }), await Tag.objects.create({ name: "cold" })];
  const latte = await Coffee.objects.create({
    name: 'Latte "<한>"',
    price: new Decimal("4500.10"),
    stock: 9_007_199_254_740_993n,
    isIce: true,
    roasted: Temporal.PlainDate.from("2026-02-28"),
    added: new Date("2026-03-01T10:20:30.456Z"),
    brewing: Temporal.Duration.from({ minutes: 3, seconds: 30 }),
    picture: new Uint8Array([0, 1, 254, 255]),
    notes: { a: [1, null, "x"] },
    roaster: fritz,
  });
  await latte.tags.add(cold, milk);
  const house = await Coffee.objects.create({ name: "House", price: new Decimal("1"), added: new Date(0) });
  latte.blend = house;
  await latte.save();
}

for (const { name, url, skip } of targets) {
  suite(`Fixtures on ${name}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, models);
    });
    beforeEach(() => flushTables([app]));
    after(() => db.close());

    for (const format of ["json", "jsonl", "yaml"]) {
      test(`rows dumped as ${format} are the same after they are loaded`, async () => {
        await fill();
        const text = await textOf(dumpData([app], { format }));
        await flushTables([app]);
        assert.equal(await Coffee.objects.count(), 0);

        assert.equal(await loadData([fixtureOf(text, format)]), 5);

        assert.equal(await textOf(dumpData([app], { format })), text);
        const latte = await Coffee.objects.get({ isIce: true });
        assert.equal(latte.stock, 9_007_199_254_740_993n);
        assert.equal(String(latte.price), "4500.1");
        assert.deepEqual([...latte.picture!], [0, 1, 254, 255]);
        assert.equal((await latte.blend)!.name, "House");
      });
    }

    test("a row's data has Django's shape", async () => {
      await fill();
      const latte = await Coffee.objects.filter({ isIce: true });
      for await (const row of serialize(latte, { fields: ["name", "price", "roaster", "tags"] })) {
        const fields = { name: 'Latte "<한>"', price: "4500.10", roaster: 1, tags: [2, 1] };
        assert.deepEqual(row, { model: "cafe.Coffee", pk: 1, fields });
      }
    });

    test("natural keys stand for primary keys, and rows that they name may come later", async () => {
      await fill();
      const text = await textOf(dumpData([app], { naturalForeign: true, naturalPrimary: true }));
      const rows = JSON.parse(text) as { model: string; pk?: number; fields: Record<string, unknown> }[];
      assert.deepEqual(
        rows.find(({ model }) => model === "cafe.Roaster"),
        { model: "cafe.Roaster", fields: { name: "Fritz" } },
      );
      assert.deepEqual(rows.find(({ fields }) => fields["isIce"] === true)!.fields["roaster"], ["Fritz"]);
      await flushTables([app]);
      await Roaster.objects.create({ name: "Another" });

      await loadData([fixtureOf(JSON.stringify(rows.toReversed()))]);

      const latte = await Coffee.objects.get({ isIce: true }).then();
      assert.equal((await latte.roaster)!.name, "Fritz");
      await loadData([fixtureOf(text)]);
      assert.equal(await Roaster.objects.count(), 2);
    });

    test("a fixture written by Django loads: its models in small letters, its fields with underscores", async () => {
      const django = `[{"model": "cafe.coffee", "pk": 7, "fields": {"name": "Flat", "price": "3.50", "is_ice": true, "added": "2026-01-02T03:04:05.678Z", "brewing": "P0DT00H02M00S", "tags": []}}]`;
      await loadData([fixtureOf(django)]);
      const flat = await Coffee.objects.get({ id: 7 });
      assert.equal(flat.isIce, true);
      assert.equal(flat.brewing!.total("seconds"), 120);
      assert.equal((await Coffee.objects.create({ name: "Next", price: new Decimal(1), added: new Date() })).id, 8);
    });

    test("loading again writes over rows with the same keys", async () => {
      const row = (name: string) => `[{"model":"cafe.Tag","pk":1,"fields":{"name":"${name}"}}]`;
      await loadData([fixtureOf(row("old")), fixtureOf(row("new"))]);
      assert.deepEqual(await Tag.objects.valuesList("name", { flat: true }), ["new"]);
    });

    test("a file that is wrong anywhere loads nothing and says where", async () => {
      const good = '{"model":"cafe.Tag","pk":1,"fields":{"name":"a"}}';
      const cases: [string, string, RegExp][] = [
        [
          `[${good},{"model":"cafe.Tag","pk":2,"fields":{"nam":"b"}}]`,
          "json",
          /standard input, row 2 \(cafe.Tag\): cafe.Tag has no field "nam"/,
        ],
        [`[${good},{"model":"cafe.Tog","pk":2,"fields":{}}]`, "json", /row 2 \(cafe.Tog\): There is no model "cafe.Tog"/],
        [`[${good},5]`, "json", /row 2: it names no model/],
        [`[${good},{"model":"cafe.Tag","fields":3}]`, "json", /its fields are not an object/],
        [`[${good}`, "json", /standard input is not json/],
        [`${good}\n{"model"`, "jsonl", /standard input is not jsonl: line 2/],
        [`{"model":1}`, "json", /it is not a list of rows/],
        [
          `[${good},{"model":"cafe.Coffee","pk":1,"fields":{"name":"x","price":"dear","added":"2026-01-01T00:00:00Z"}}]`,
          "json",
          /price cannot be "dear"/,
        ],
        [
          `[${good},{"model":"cafe.Coffee","pk":1,"fields":{"name":"x","price":"1","added":"2026-01-01T00:00:00Z","roaster":99}}]`,
          "json",
          /refer to what is not there/,
        ],
        [
          `[${good},{"model":"cafe.Coffee","pk":1,"fields":{"name":"x","price":"1","added":"2026-01-01T00:00:00Z","roaster":["Nobody"]}}]`,
          "json",
          /roaster refers to the cafe.Roaster \["Nobody"\]/,
        ],
        [
          `[${good},{"model":"cafe.Coffee","pk":1,"fields":{"name":"x","price":"1","added":"2026-01-01T00:00:00Z","tags":[["x"]]}}]`,
          "json",
          /cafe.Tag has no natural key/,
        ],
      ];
      for (const [text, format, message] of cases) {
        await assert.rejects(loadData([fixtureOf(text, format)]), message);
        assert.equal(await Tag.objects.count(), 0, text);
      }
    });

    test("what the project has no longer can be left out", async () => {
      const text = '[{"model":"cafe.Gone","pk":1,"fields":{}},{"model":"cafe.Tag","pk":1,"fields":{"name":"a","colour":"red"}}]';
      assert.equal(await loadData([fixtureOf(text)], { ignoreNonexistent: true }), 1);
    });

    test("signals are told that a fixture is being loaded", async () => {
      const seen: unknown[] = [];
      const stop = postSave.connect(({ instance, raw }) => void seen.push([instance.name, raw]), { sender: Tag });
      await loadData([fixtureOf('[{"model":"cafe.Tag","pk":1,"fields":{"name":"a"}}]')]).finally(stop);
      assert.deepEqual(seen, [["a", true]]);
    });

    test("flushing empties every table and begins the numbering anew", async () => {
      await fill();
      const sql = await flushTables([app], { dryRun: true });
      assert.match(sql[0]!, name === "SQLite" ? /^DELETE FROM/ : /^TRUNCATE/);
      assert.equal(await Tag.objects.count(), 2);
      await flushTables([app]);
      assert.equal((await Tag.objects.create({ name: "first" })).id, 1);
    });

    test("only what is named is dumped", async () => {
      await fill();
      const models = async (options: object) =>
        new Set((JSON.parse(await textOf(dumpData([app], options))) as { model: string }[]).map(({ model }) => model));
      assert.deepEqual(await models({ labels: ["cafe.tag"] }), new Set(["cafe.Tag"]));
      assert.deepEqual(await models({ labels: ["cafe"], exclude: ["cafe.Coffee"] }), new Set(["cafe.Roaster", "cafe.Tag"]));
      assert.equal((JSON.parse(await textOf(dumpData([app], { labels: ["cafe.Tag"], keys: [2] }))) as unknown[]).length, 1);
      assert.throws(() => dumpData([app], { labels: ["cafe.Tga"] }), /"cafe.Tga" is neither an app nor a model .*Tag/s);
      assert.throws(() => dumpData([app], { format: "jsn" }), /There is no format "jsn"/);
    });
  });
}

test("rows of another database are dumped and loaded with what they refer to there", async () => {
  const [first, other] = [await openModels("sqlite::memory:", models), await openModels("sqlite::memory:", models)];
  useDatabases({ default: first, other });
  await Roaster.objects.create({ name: "Elsewhere" }); // so that keys differ
  const fritz = await Roaster.objects.using("other").create({ name: "Fritz" });
  const latte = { name: "Latte", price: new Decimal(1), added: new Date(0), roaster: fritz };
  await (await Coffee.objects.using("other").create(latte)).tags.add(await Tag.objects.using("other").create({ name: "milk" }));

  const natural = { naturalForeign: true, naturalPrimary: true };
  const text = await textOf(dumpData([app], { ...natural, database: "other" }));
  const coffee = (JSON.parse(text) as { model: string; fields: object }[]).find(({ model }) => model === "cafe.Coffee");
  assert.partialDeepStrictEqual(coffee, { fields: { roaster: ["Fritz"], tags: [1] } });

  await flushTables([app], { database: "other" });
  await loadData([fixtureOf(text)], { database: "other" });
  assert.equal(await textOf(dumpData([app], { ...natural, database: "other" })), text);
  assert.deepEqual(await Roaster.objects.valuesList("name", { flat: true }), ["Elsewhere"]);
  await Promise.all([first.close(), other.close()]);
});

suite("Fixture files", () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, "fixtures"));
  });

  test("a file's ending says its format and how it is compressed", async () => {
    for (const ending of ["json", "json.gz", "jsonl.br", "yaml.zst"]) {
      const path = join(folder, "fixtures", `rows.${ending}`);
      async function* rows() {
        yield { model: "cafe.Tag", pk: 1, fields: { name: "한국" } };
      }
      const format = formatNamed(ending.split(".")[0]!);
      await writeFixture(format.write(rows(), {}), path);
      const fixture = fixtureFile(path);
      const read = [];
      for await (const row of format.read(fixture.text)) read.push(row);
      assert.deepEqual(read, [{ model: "cafe.Tag", pk: 1, fields: { name: "한국" } }], ending);
    }
  });

  test("a fixture is found by its name in an app's folder, or by its path", () => {
    writeFileSync(join(folder, "fixtures", "initial.jsonl.gz"), "");
    const places = { apps: [defineApp({ name: "cafe", directory: folder })], root: tmpdir() };
    const file = join(folder, "fixtures", "initial.jsonl.gz");
    assert.deepEqual(findFixtures("initial", places), [file]);
    assert.deepEqual(findFixtures("initial.jsonl", places), [file]);
    assert.deepEqual(findFixtures(file, places), [file]);
    assert.throws(() => findFixtures("absent", places), /No fixture is called "absent"/);
  });

  test("a format of one's own takes part", async () => {
    registerFormat({
      name: "names",
      extensions: ["names"],
      async *write(rows) {
        for await (const { fields } of rows) yield `${String(fields["name"])}\n`;
      },
      async *read(text) {
        for await (const part of text)
          for (const line of part.trim().split("\n")) yield { model: "cafe.Tag", fields: { name: line } };
      },
    });
    assert.equal(formatNamed("names").extensions[0], "names");
  });

  test("each error says what was wrong, where, and what was possible", () => {
    const e = serializationErrors;
    const place = { file: "menu.json", row: "row 2 (shop.Coffee)" };
    const unknown = e.SERIALIZATION_UNKNOWN_FORMAT({ given: "jsno", known: ["json", "jsonl"] });
    assert.equal(unknown.message, 'There is no format "jsno". The formats are: json, jsonl.');
    assert.equal(unknown.hint, 'Did you mean "json"?');
    assert.match(
      e.SERIALIZATION_BAD_FILE({ file: "a", format: "json", reason: "x" }).message,
      /^a is not json: x\. Nothing was loaded/,
    );
    assert.match(e.SERIALIZATION_BAD_FILE({ file: "a", format: "json", reason: "x" }).hint!, /The ending of a file says its/);
    const row = e.SERIALIZATION_BAD_ROW({ ...place, reason: "x.", hint: "It has: name." });
    assert.equal(row.message, "menu.json, row 2 (shop.Coffee): x. Nothing was loaded.");
    assert.equal(row.hint, "It has: name.");
    const missing = e.SERIALIZATION_NO_SUCH_ROW({ ...place, field: "roaster", key: 'the shop.Roaster ["Fritz"]' });
    assert.match(
      missing.message,
      /roaster refers to the shop\.Roaster \["Fritz"\], which is neither in the files nor in the database/,
    );
    assert.match(missing.hint!, /Load the file that has it/);
    assert.match(e.SERIALIZATION_NO_FIXTURE({ name: "x", looked: ["a"] }).hint!, /A fixture is a path/);
    assert.match(e.SERIALIZATION_NO_NATURAL_KEY({ model: "a.B", value: "[1]" }).hint!, /getByNaturalKey/);
    const keys = e.SERIALIZATION_KEYS_OF_SEVERAL({ models: ["shop.Coffee", "shop.Tag"] });
    assert.equal(keys.message, "Primary keys choose rows of one model, and these are to be written: shop.Coffee, shop.Tag.");
    assert.equal(keys.hint, "Name one model: cortado dumpdata shop.Coffee --pks 1,2");
    assert.match(e.SERIALIZATION_BROKEN_REFERENCE({ reference: "x" }).hint!, /Load the file that has it/);
    assert.equal(e.SERIALIZATION_UNKNOWN_LABEL({ given: "shp", known: ["shop"] }).hint, 'Did you mean "shop"?');
  });
});
