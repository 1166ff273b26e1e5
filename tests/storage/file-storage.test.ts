import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FileStorage, mediaStorage, storage, useStorages, validFileName } from "cortado/storage";

let folder: string;
let files: FileStorage;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cortado-files-"));
  files = new FileStorage(folder);
});
after(() => rm(folder, { recursive: true }));

test("a file is kept, read, measured and deleted", async () => {
  async function* chunks() {
    yield Buffer.from("one ");
    yield Buffer.from("two");
  }
  assert.equal(await files.save("notes/a.txt", chunks()), "notes/a.txt");
  assert.equal(await readFile(join(folder, "notes/a.txt"), "utf8"), "one two");
  assert.equal(await files.size("notes/a.txt"), 7);
  assert.equal(Buffer.from(await files.read("notes/a.txt")).toString(), "one two");
  assert.equal((await (await files.open("notes/a.txt")).toArray()).join(""), "one two");
  assert.equal(await files.exists("notes/a.txt"), true);
  await files.delete("notes/a.txt");
  await files.delete("notes/a.txt");
  assert.equal(await files.exists("notes/a.txt"), false);
});

test("files that are saved at once under one name are all kept", async () => {
  const names = await Promise.all(Array.from({ length: 20 }, (_, i) => files.save("same/name.txt", String(i))));
  assert.equal(new Set(names).size, 20);
  const contents = await Promise.all(names.map(async (name) => Buffer.from(await files.read(name)).toString()));
  assert.deepEqual(
    contents,
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
  assert.equal((await readdir(join(folder, "same"))).length, 20);
});

test("a content that fails leaves nothing behind", async () => {
  // oxlint-disable-next-line require-yield -- it fails before it gives anything
  async function* broken(): AsyncGenerator<Uint8Array> {
    throw new Error("the line is down");
  }
  await assert.rejects(files.save("broken/a.txt", broken()), /the line is down/);
  assert.deepEqual(await readdir(join(folder, "broken")), []);
});

test("a name that leads outside, or nowhere, is refused", async () => {
  for (const name of ["../a", "/etc/passwd", "a/../../b", "a\\..\\..\\b", "", "a/", ".", "a\0b"]) {
    const refusal = {
      code: "STORAGE_BAD_NAME",
      message: `${JSON.stringify(name)} cannot be the name of a file in a storage.`,
      hint: "A name stays inside: no leading slash, no '..', and a file name at its end.",
    };
    await assert.rejects(files.save(name, "x"), refusal);
    await assert.rejects(async () => files.read(name), refusal);
    assert.throws(() => files.url(name), refusal);
  }
});

test("a file that is not there is said to be missing", async () => {
  const refusal = {
    code: "STORAGE_NO_FILE",
    message: 'The storage has no file "none.txt".',
    hint: "It may have been deleted, or lie in another storage.",
  };
  await assert.rejects(files.read("none.txt"), refusal);
  await assert.rejects(files.open("none.txt"), refusal);
  await assert.rejects(files.size("none.txt"), refusal);
});

test("addresses are written for browsers", () => {
  assert.equal(files.url("a b/é?.png"), "/media/a%20b/%C3%A9%3F.png");
  assert.equal(mediaStorage("file:var", "/srv", "https://x.example/m").url("a.png"), "https://x.example/m/a.png");
  assert.equal(mediaStorage("file:var", "/srv").directory, "/srv/var/media");
});

test("a person's file name is cleaned, not believed", () => {
  assert.equal(validFileName("../../my photo!.png"), "my_photo.png");
  assert.equal(validFileName("C:\\temp\\커피.png"), "커피.png");
  assert.throws(() => validFileName(".."), { code: "STORAGE_BAD_NAME" });
});

test("fields find the storage that is open", () => {
  useStorages({});
  assert.throws(() => storage(), {
    code: "STORAGE_NOT_OPEN",
    message: 'There is no storage "default". Open: none.',
    hint: 'Open the project first, or call useStorages({ default: openStorage("file:var/storage", root) }).',
  });
  useStorages({ default: files });
  assert.equal(storage(), files);
});
