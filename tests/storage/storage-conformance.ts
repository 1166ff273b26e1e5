import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Storage } from "cortado/storage";

/** What the tests need to know of a storage. */
export interface ConformanceOptions {
  open(): Promise<Storage> | Storage;
  /** Whether a name that two savers take at once goes to one of them. */
  isExclusive?: boolean;
}

const text = async (storage: Storage, name: string) => Buffer.from(await storage.read(name)).toString();

/** Proves that a storage keeps the promises of the interface. */
export function testStorage(title: string, { open, isExclusive = true }: ConformanceOptions): void {
  let count = 0;
  /** Each test has a folder of its own. */
  const prepared = async () => ({ files: await open(), folder: `t${++count}` });

  test(`${title}: a file is kept, read, measured and deleted`, async () => {
    const { files, folder } = await prepared();
    const before = Date.now();
    const name = await files.save(`${folder}/notes/a.txt`, Readable.from([Buffer.from("one "), Buffer.from("two")]));
    assert.equal(name, `${folder}/notes/a.txt`);
    assert.equal(await text(files, name), "one two");
    assert.equal(await files.size(name), 7);
    assert.equal(Buffer.concat(await (await files.open(name)).toArray()).toString(), "one two");
    assert.equal(await files.exists(name), true);
    assert.equal(await files.exists(`${folder}/notes`), false);
    for (const time of [await files.modifiedTime(name), await files.createdTime(name)])
      assert.ok(Math.abs(time.getTime() - before) < 60_000, String(time));
    await files.delete(name);
    await files.delete(name);
    assert.equal(await files.exists(name), false);
  });

  test(`${title}: contents of every kind are kept byte for byte`, async () => {
    const { files, folder } = await prepared();
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const contents = [
      bytes,
      { bytes: async () => bytes },
      { arrayBuffer: async () => bytes.buffer },
      new Blob([bytes]),
      Readable.from([bytes]),
    ];
    for (const content of contents) {
      const name = await files.save(`${folder}/bytes.bin`, content);
      assert.deepEqual(Uint8Array.from(await files.read(name)), bytes);
    }
    assert.equal(await text(files, await files.save(`${folder}/text.txt`, "Grüße ☕")), "Grüße ☕");
    const empty = await files.save(`${folder}/empty.txt`, "");
    assert.equal(await files.size(empty), 0);
    assert.equal((await files.read(empty)).length, 0);
  });

  test(`${title}: a part of a file is read`, async () => {
    const { files, folder } = await prepared();
    const name = await files.save(`${folder}/digits.txt`, "0123456789");
    const part = async (range: { start?: number; end?: number }) =>
      Buffer.concat(await (await files.open(name, range)).toArray()).toString();
    assert.equal(await part({ start: 2, end: 4 }), "234");
    assert.equal(await part({ start: 7 }), "789");
    assert.equal(await part({ start: 0, end: 1 }), "01");
  });

  test(`${title}: a name that is taken gives another, unless the file is to be replaced`, async () => {
    const { files, folder } = await prepared();
    const first = await files.save(`${folder}/same.txt`, "1");
    assert.equal(await files.availableName(`${folder}/free.txt`), `${folder}/free.txt`);
    assert.match(await files.availableName(first), /\/same_[\w]{7}\.txt$/);
    const second = await files.save(`${folder}/same.txt`, "2");
    assert.match(second, /\/same_[\w]{7}\.txt$/);
    assert.equal(await files.save(`${folder}/same.txt`, "3", { overwrite: true }), first);
    assert.deepEqual([await text(files, first), await text(files, second)], ["3", "2"]);
    const short = await files.save(`${folder}/${"x".repeat(80)}.txt`, "4", { maxLength: 40 });
    assert.equal(short.length, 40);
    assert.equal((await files.save(short, "5", { maxLength: 40 })).length, 40);
  });

  test(`${title}: files that are saved at once are all kept`, { skip: !isExclusive }, async () => {
    const { files, folder } = await prepared();
    const names = await Promise.all(Array.from({ length: 20 }, (_, i) => files.save(`${folder}/name.txt`, String(i))));
    assert.equal(new Set(names).size, 20);
    const contents = await Promise.all(names.map((name) => text(files, name)));
    assert.deepEqual(
      contents.map(Number),
      Array.from({ length: 20 }, (_, i) => i),
    );
    assert.equal((await files.listdir(folder)).files.length, 20);
  });

  test(`${title}: folders are listed`, async () => {
    const { files, folder } = await prepared();
    for (const name of ["b.txt", "a.txt", "inner/c.txt", "inner/deep/d.txt", "other/e.txt"])
      await files.save(`${folder}/${name}`, name);
    assert.deepEqual(await files.listdir(folder), { directories: ["inner", "other"], files: ["a.txt", "b.txt"] });
    assert.deepEqual(await files.listdir(`${folder}/inner/`), { directories: ["deep"], files: ["c.txt"] });
    assert.deepEqual(await files.listdir(`${folder}/none`), { directories: [], files: [] });
    assert.ok((await files.listdir()).directories.includes(folder));
  });

  test(`${title}: a content that fails leaves nothing behind`, async () => {
    const { files, folder } = await prepared();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("the first bytes");
      throw new Error("the line is down");
    }
    await assert.rejects(files.save(`${folder}/a.txt`, broken()), /^Error: the line is down$/);
    assert.deepEqual((await files.listdir(folder)).files, []);
  });

  test(`${title}: names that lead outside, or nowhere, are refused everywhere`, async () => {
    const { files, folder } = await prepared();
    const names = [
      "../a",
      "/etc/passwd",
      `${folder}/../../b`,
      "a\\..\\..\\b",
      "\\\\server\\share",
      "C:\\boot.ini",
      "c:boot.ini",
      "",
      "a/",
      ".",
      "./",
      "..",
      "a\0b",
      "\0",
    ];
    for (const name of names) {
      const refusal = { code: "STORAGE_BAD_NAME" };
      await assert.rejects(files.save(name, "x"), refusal, name);
      await assert.rejects(async () => files.save(name, "x", { overwrite: true }), refusal, name);
      await assert.rejects(async () => files.read(name), refusal, name);
      await assert.rejects(async () => files.open(name), refusal, name);
      await assert.rejects(async () => files.delete(name), refusal, name);
      await assert.rejects(async () => files.size(name), refusal, name);
      await assert.rejects(async () => files.availableName(name), refusal, name);
      assert.throws(() => files.url(name), refusal, name);
    }
    for (const name of ["..", "../..", "/etc", "a/../../.."])
      await assert.rejects(async () => files.listdir(name), { code: "STORAGE_BAD_NAME" });
  });

  test(`${title}: a file that is not there is said to be missing`, async () => {
    const { files, folder } = await prepared();
    const name = `${folder}/none.txt`;
    const refusal = {
      code: "STORAGE_NO_FILE",
      message: `The storage has no file "${name}".`,
      hint: "It may have been deleted, or lie in another storage.",
    };
    for (const ask of ["read", "open", "size", "modifiedTime", "createdTime"] as const)
      await assert.rejects(async () => files[ask](name), refusal, ask);
  });

  test(`${title}: names with every kind of letter come back as they are`, async () => {
    const { files, folder } = await prepared();
    for (const own of [
      "a b.txt",
      "é ü 한글 ☕.txt",
      "per%20cent+plus&and=.txt",
      "quote'\"!*().txt",
      "CON.txt",
      "-rf",
      ".hidden",
      "a..b",
    ]) {
      const name = await files.save(`${folder}/${own}`, own);
      assert.equal(name, `${folder}/${own}`);
      assert.equal(await text(files, name), own);
      assert.ok((await files.listdir(folder)).files.includes(own), own);
      assert.ok(!/[ "<>]/.test(files.url(name)), files.url(name));
    }
  });
}
