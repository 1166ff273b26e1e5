import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { defineApp } from "cortado";
import { ModelForm } from "cortado/forms";
import {
  bigInteger,
  binary,
  char,
  clearModels,
  type Database,
  dateTime,
  decimal,
  duration,
  file,
  filePath,
  generated,
  genericIPAddress,
  image,
  integer,
  integerChoices,
  manager,
  Model,
  now,
  openDatabase,
  positiveBigInteger,
  registerModels,
  slug,
  textChoices,
  useDatabases,
} from "cortado/orm";
import { createTables } from "cortado/orm/migrations";
import { FileStorage, useStorages } from "cortado/storage";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
mkdirSync(join(folder, "labels"));
for (const name of ["b.svg", "a.svg", "c.txt"]) writeFileSync(join(folder, "labels", name), "");

const Country = textChoices({ KOREA: ["KR", "Korea"] }, { empty: "(unknown)" });
const Level = integerChoices({ LOW: 1, HIGH: 2 });
let sizes: [string, string][] = [["s", "Small"]];

class Coffee extends Model({
  title: slug({ allowUnicode: true, default: "" }),
  brewing: duration({ null: true, blank: true }),
  address: genericIPAddress({ unpackIpv4: true, null: true, blank: true }),
  big: bigInteger({ null: true, blank: true }),
  stock: positiveBigInteger({ default: 0n }),
  ratio: decimal({ null: true, blank: true }),
  label: filePath({ path: join(folder, "labels"), match: /\.svg$/, blank: true }),
  country: char({ choices: Country, null: true, blank: true }),
  level: integer({ choices: Level, default: Level.LOW }),
  size: char({ choices: () => sizes, default: "s" }),
  digest: binary({ null: true }),
  double: generated({ expression: (c) => c.level.mul(2), output: integer() }),
  recipe: file({ uploadTo: "recipes", blank: true }),
  photo: image({ uploadTo: "photos", blank: true }),
}) {
  static objects = manager(this);
}

class Crate extends Model({
  price: decimal({ maxDigits: 6, decimalPlaces: 2, dbDefault: "1.50" }),
  packed: dateTime({ dbDefault: now() }),
}) {
  static objects = manager(this);
}

class CrateForm extends ModelForm(Crate, { fields: "all" }) {}

class CoffeeForm extends ModelForm(Coffee, { fields: "all" }) {}

let db: Database;
beforeEach(async () => {
  const app = defineApp({ name: "shop", models: { Coffee, Crate } });
  clearModels();
  registerModels(app);
  db = await openDatabase("sqlite::memory:");
  useDatabases({ default: db });
  useStorages({ default: new FileStorage(join(folder, "media")) });
  await createTables([app], db);
});
afterEach(() => db.close());

const sent = (name: string, content: Uint8Array) => ({ name, size: content.length, bytes: async () => content });
const png = new Uint8Array(Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6B", "base64"));
const least = { level: "1", size: "s", stock: "0", title: "커피" };

test("a column's own default is shown where it is a value, and fills what is left empty", async () => {
  assert.match(String(await new CrateForm().boundField("price").asWidget()), /value="1\.50"/);
  const form = new CrateForm({ data: { price: "2.5", packed: "" } });
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  const crate = await form.save();
  assert.ok(crate.packed instanceof Date);
  const change = new CrateForm({ instance: crate, data: { price: "", packed: "" } });
  assert.match(String(await new CrateForm({ instance: crate }).boundField("price").asWidget()), /value="2\.50"/);
  assert.equal(await change.isValid(), true, JSON.stringify(change.errors));
  assert.equal((await change.save()).price.toFixed(2), "2.50");
});

test("a form has a field for every kind, and none for what nobody can write", () => {
  const names = [...new CoffeeForm().fields.keys()];
  assert.deepEqual(names, "title brewing address big stock ratio label country level size recipe photo".split(" "));
});

test("what a person types becomes a row", async () => {
  const data = {
    ...least,
    brewing: "00:04:30",
    address: "::ffff:192.0.2.1",
    big: "9007199254740993",
    stock: "9007199254740993",
    ratio: "0.30",
    label: join(folder, "labels", "a.svg"),
    country: "KR",
    level: "2",
  };
  const form = new CoffeeForm({ data });
  assert.ok(await form.isValid(), JSON.stringify(form.errors));
  const { pk } = await form.save();
  const coffee = await Coffee.objects.get({ pk });
  assert.equal(String(coffee.brewing), "PT4M30S");
  assert.equal(coffee.address, "192.0.2.1");
  assert.equal(coffee.big, 9_007_199_254_740_993n);
  assert.equal(coffee.stock, 9_007_199_254_740_993n);
  assert.equal(String(coffee.ratio), "0.3");
  assert.deepEqual([coffee.country, coffee.level, coffee.size, coffee.double], ["KR", 2, "s", 4]);
});

test("what does not fit is refused at its field", async () => {
  const form = new CoffeeForm({
    data: { ...least, brewing: "soon", address: "10.0.0.256", stock: "-1", label: "/etc/passwd", size: "x" },
  });
  assert.equal(await form.isValid(), false);
  assert.deepEqual(Object.keys(form.errors).sort(), ["address", "brewing", "label", "size", "stock"]);
});

test("choices are offered with their empty label, from a function and from a folder", async () => {
  sizes = [
    ["s", "Small"],
    ["l", "Large"],
  ];
  const form = new CoffeeForm();
  const html = async (name: string) => String(await form.boundField(name).asWidget());
  assert.match(await html("country"), /<option value="" selected>\(unknown\)<\/option>\s*<option value="KR">Korea/);
  assert.match(await html("size"), /Large/);
  assert.deepEqual([...(await html("label")).matchAll(/>([^<]*)<\/option>/g)].map((match) => match[1]), ["---------", "a.svg", "b.svg"]); // oxfmt-ignore
});

test("uploads are stored with the row, stay when nothing is sent, and are cleared", async () => {
  const form = new CoffeeForm({
    data: least,
    files: { recipe: sent("how to.txt", Buffer.from("milk")), photo: sent("me.png", png) },
  });
  assert.ok(form.isMultipart);
  assert.ok(await form.isValid(), JSON.stringify(form.errors));
  const coffee = await form.save();
  assert.equal(coffee.recipe!.name, "recipes/how_to.txt");
  assert.equal(Buffer.from(await coffee.photo!.bytes()).equals(png), true);

  const stored = await Coffee.objects.get({ pk: coffee.pk });
  const again = new CoffeeForm({ data: least, instance: stored });
  assert.match(String(await again.boundField("recipe").asWidget()), /Currently: <a href="\/media\/recipes\/how_to\.txt">/);
  assert.ok(await again.isValid());
  await again.save();
  assert.equal((await Coffee.objects.get({ pk: coffee.pk })).recipe!.name, "recipes/how_to.txt");

  const cleared = new CoffeeForm({ data: { ...least, "recipe-clear": "on" }, instance: stored });
  assert.ok(await cleared.isValid());
  await cleared.save();
  assert.equal((await Coffee.objects.get({ pk: coffee.pk })).recipe, null);
});

test("a file that only calls itself an image is refused", async () => {
  const form = new CoffeeForm({ data: least, files: { photo: sent("me.png", Buffer.from("<svg>")) } });
  assert.equal(await form.isValid(), false);
  assert.deepEqual(Object.keys(form.errors), ["photo"]);
});
