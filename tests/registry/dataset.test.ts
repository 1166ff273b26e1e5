import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Decimal } from "cortado/validation";
import { Dataset } from "../../src/registry/dataset/dataset.ts";
import { writeDataset } from "../../src/registry/dataset/write-dataset.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const file = async () => join(temporaryFolder(), "rows.jsonl");

async function* drinks() {
  const korea = { country: "KR" };
  yield {
    name: "Latte",
    price: new Decimal("4500.10"),
    sold: 12345678901234567890n,
    since: new Date("2020-01-02"),
    roaster: Promise.resolve(korea),
  };
  yield { name: 'a "quoted"\nname', price: null, sold: null, since: null, roaster: null };
}

test("rows come back as they were, and features follow relations", async () => {
  const path = await file();
  const summary = await writeDataset({
    file: path,
    model: "m",
    rows: drinks(),
    columns: ["name", "price", "sold", "since", "roaster.country"],
  });
  assert.equal(summary.rows, 2);
  assert.match(summary.digest, /^[0-9a-f]{64}$/);
  const dataset = await Dataset.open(path);
  assert.deepEqual(dataset.columns, ["name", "price", "sold", "since", "roaster.country"]);
  assert.deepEqual(await Array.fromAsync(dataset), [
    {
      name: "Latte",
      price: new Decimal("4500.10"),
      sold: 12345678901234567890n,
      since: new Date("2020-01-02"),
      "roaster.country": "KR",
    },
    { name: 'a "quoted"\nname', price: null, sold: null, since: null, "roaster.country": null },
  ]);
});

test("the same rows have the same digest, and no rows are no error", async () => {
  const request = async () => ({ file: await file(), model: "m", rows: [{ a: 1, b: true, c: Infinity, d: NaN }] });
  const [one, two] = [await writeDataset(await request()), await writeDataset(await request())];
  assert.equal(one.digest, two.digest);
  const empty = await file();
  assert.equal((await writeDataset({ file: empty, model: "m", rows: [], columns: ["a"] })).rows, 0);
  assert.deepEqual(await Array.fromAsync(await Dataset.open(empty)), []);
});

test("a column that rows do not have is refused with those they have", async () => {
  await assert.rejects(
    async () => writeDataset({ file: await file(), model: "m", rows: [{ price: 1, name: "a" }], columns: ["pricee"] }),
    {
      code: "REGISTRY_UNKNOWN_COLUMN",
      message: 'm: the rows have no "pricee". They have: price, name.',
      hint: 'Did you mean "price"?',
    },
  );
});

test("a value that no file can keep is refused with its row", async () => {
  await assert.rejects(async () => writeDataset({ file: await file(), model: "m", rows: [{ a: 1 }, { a: () => 1 }] }), {
    code: "REGISTRY_BAD_VALUE",
    message: 'm: row 2 has a function in "a". It must be text, a number, yes or no, a date, a decimal or null.',
    hint: "Leave the column out of the features, or convert it in rows.",
  });
});

test("a dataset that was cut off, changed or is none is refused", async () => {
  const path = await file();
  await writeDataset({ file: path, model: "m", rows: [{ a: 1 }, { a: 2 }] });
  const whole = await readFile(path, "utf8");
  const read = async (text: string) => {
    await writeFile(path, text);
    return Array.fromAsync(await Dataset.open(path));
  };
  const cases: [string, string][] = [
    [whole.split("\n").slice(0, 2).join("\n"), "it is cut off before its end"],
    [whole.replace("[2]", "[3]"), "its digest is not that of its rows"],
    [whole.slice(0, -30), "a line is not JSON"],
    [`${whole}[4]\n`, "something follows its end"],
    ["{}\n", "its first line is not a header of format 1"],
  ];
  for (const [text, reason] of cases) {
    await assert.rejects(read(text), {
      code: "REGISTRY_BAD_DATASET",
      message: `The dataset ${path} cannot be used: ${reason}.`,
      hint: "Start a new run: it writes its dataset afresh.",
    });
  }
});
