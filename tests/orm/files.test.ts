import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { char, type Database, FieldFile, file, image, integer, manager, Model, upload } from "cortado/orm";
import { FileStorage, useStorages } from "cortado/storage";
import { openModels, targets } from "./open-cafe.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const other = { current: undefined as FileStorage | undefined };

class Coffee extends Model({
  name: char({ default: "" }),
  photo: image({ uploadTo: "photos", widthField: "photoWidth", heightField: "photoHeight", blank: true }),
  photoWidth: integer({ null: true }),
  photoHeight: integer({ null: true }),
  recipe: file({ uploadTo: (row, name) => `recipes/${row.name}/${name}`, blank: true }),
  dated: file({ uploadTo: "%Y/%m", blank: true, storage: () => other.current!, maxLength: 24 }),
}) {
  static objects = manager(this);
}

const base64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const png = base64("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAFElEQVR4nGNkYPj/n4GBgYGJAQoAHgUCAXJ7XTUAAAAASUVORK5CYII="); // oxfmt-ignore
const gif = base64("R0lGODlhBQAHAIAAAP///wAAACwAAAAABQAHAAACBISPqVcAOw==");
const webp = Uint8Array.from([...Buffer.from("RIFF\0\0\0\0WEBPVP8X"), 10, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 5, 0, 0]);
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 21, 0, 34, 1, 0, 0, 0]);

let folder: string;
before(async () => {
  folder = temporaryFolder();
  useStorages({ default: new FileStorage(join(folder, "main"), { baseUrl: "https://media.example/" }) });
  other.current = new FileStorage(join(folder, "other"));
});

for (const { name: target, url, skip } of targets) {
  describe(`files on ${target}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(url!, { Coffee });
      for (const name of ["main", "other"]) await rm(join(folder, name), { recursive: true, force: true });
    });
    after(() => db?.close());

    test("an upload is stored when its row is saved, and found again", async () => {
      const coffee = new Coffee({ name: "latte", recipe: upload("Milk first.", "how to.txt") });
      assert.equal(coffee.recipe!.isStored, false);
      assert.equal(existsSync(join(folder, "main", "recipes")), false);
      await coffee.save();
      assert.equal(coffee.recipe!.name, "recipes/latte/how_to.txt");
      const found = await Coffee.objects.get({ pk: coffee.pk });
      assert.ok(found.recipe instanceof FieldFile);
      assert.equal(String(found.recipe), "recipes/latte/how_to.txt");
      assert.equal(found.recipe.url, "https://media.example/recipes/latte/how_to.txt");
      assert.equal(await found.recipe.size(), 11);
      assert.equal(Buffer.from(await found.recipe.bytes()).toString(), "Milk first.");
      assert.equal((await (await found.recipe.open()).toArray()).join(""), "Milk first.");
      assert.deepEqual(found.pick("recipe", "photo"), { recipe: "recipes/latte/how_to.txt", photo: null });
      assert.equal(found.photo, null);
      assert.match(inspect(found), /recipe: FieldFile \{ name: 'recipes\/latte\/how_to\.txt' \}/);
    });

    test("a name that is taken gets another ending, and one that is long is shortened", async () => {
      const rows = [];
      for (let i = 0; i < 2; i++) rows.push(await Coffee.objects.create({ dated: upload("x", "a name that is too long.txt") }));
      const names = rows.map((row) => row.dated!.name);
      const month = new Date().toISOString().slice(0, 7).replace("-", "/");
      assert.equal(names[0], `${month}/a_name_that_.txt`);
      assert.match(names[1]!, new RegExp(`^${month}/a_na_\\w{7}\\.txt$`));
      assert.ok(names[1]!.length <= 24);
      assert.deepEqual((await readdir(join(folder, "other", month))).filter((name) => name.endsWith(".part")), []); // oxfmt-ignore
    });

    test("a name leads nowhere, whatever its sender wrote", async () => {
      const coffee = await Coffee.objects.create({ photo: upload(png, "../../../etc/pa sswd\0<b>.png") });
      assert.equal(coffee.photo!.name, "photos/pa_sswdb.png");
      await assert.rejects(Coffee.objects.create({ name: "../..", recipe: upload("x", "a.txt") }), { code: "STORAGE_BAD_NAME" });
      await assert.rejects(Coffee.objects.create({ photo: upload(png, "..") }), { code: "STORAGE_BAD_NAME" });
    });

    test("an image's size is kept in fields of its row", async () => {
      const sizes: [Uint8Array, [number, number] | [null, null]][] = [
        [png, [2, 3]],
        [gif, [5, 7]],
        [webp, [9, 6]],
        [jpeg, [34, 21]],
        [png.slice(0, 10), [null, null]],
        [Buffer.from("no image"), [null, null]],
      ];
      for (const [bytes, size] of sizes) {
        const coffee = await Coffee.objects.create({ photo: upload(bytes, "photo.png") });
        const found = await Coffee.objects.get({ pk: coffee.pk });
        assert.deepEqual([found.photoWidth, found.photoHeight], size);
        assert.equal(await found.photo!.width(), size[0] ?? undefined);
      }
      const coffee = await Coffee.objects.create({ photo: upload(png, "photo.png") });
      coffee.photo = null;
      await coffee.save();
      assert.deepEqual([coffee.photoWidth, coffee.photoHeight], [null, null]);
    });

    test("a file is replaced and deleted by itself, and its row follows", async () => {
      const coffee = await Coffee.objects.create({ name: "mocha", recipe: upload("one", "r.txt") });
      const first = coffee.recipe!.name;
      await coffee.recipe!.save("r2.txt", "two");
      assert.equal(Buffer.from(await coffee.recipe!.bytes()).toString(), "two");
      assert.equal((await Coffee.objects.get({ pk: coffee.pk })).recipe!.name, coffee.recipe!.name);
      assert.ok(existsSync(join(folder, "main", first)));
      const last = coffee.recipe!.name;
      await coffee.recipe!.delete();
      assert.equal(existsSync(join(folder, "main", last)), false);
      assert.equal((await Coffee.objects.get({ pk: coffee.pk })).recipe, null);
    });

    test("files are found by name, stored by bulkCreate, and refused where they are not stored", async () => {
      await Coffee.objects.bulkCreate([{ name: "bulk", recipe: upload("b", "b.txt") }, { name: "bulk" }]);
      const found = await Coffee.objects.filter({ name: "bulk", recipe: { isNull: false } });
      assert.deepEqual(found.map((row) => row.recipe!.name), ["recipes/bulk/b.txt"]); // oxfmt-ignore
      assert.equal(await Coffee.objects.filter({ recipe: { eq: "recipes/bulk/b.txt" as never } }).count(), 1);
      await assert.rejects(Coffee.objects.all().update({ recipe: upload("x", "x.txt") }), { code: "ORM_BAD_VALUE" });
      assert.throws(() => new Coffee({ recipe: upload("x", "x.txt") }).recipe!.url, {
        code: "ORM_FILE_NOT_STORED",
        message: 'The file "x.txt" of Coffee.recipe is not stored yet, so it has no address.',
        hint: "await row.save() first: it stores the files of the row.",
      });
      assert.throws(() => new FieldFile("x.txt").url, { code: "ORM_FILE_NOT_STORED" });
    });
  });
}
