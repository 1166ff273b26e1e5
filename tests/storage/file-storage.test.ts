import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileStorage, storage, temporaryFile, useStorages, validFileName } from "cortado/storage";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder({ after });
const files = new FileStorage(folder);

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

test("names that are devices, too long or of bare dots are made harmless", () => {
  assert.equal(validFileName("con.txt"), "_con.txt");
  assert.equal(validFileName("LPT1"), "_LPT1");
  assert.equal(validFileName("console.txt"), "console.txt");
  const long = validFileName(`${"한".repeat(200)}.png`);
  assert.ok(Buffer.byteLength(long) <= 255 && long.endsWith("한.png"), long);
  assert.ok(validFileName(`${"☕a".repeat(200)}.png`.replaceAll("☕", "𝒶")).isWellFormed());
  assert.throws(() => validFileName("...."), { code: "STORAGE_BAD_NAME" });
  assert.throws(() => validFileName("\u0000"), { code: "STORAGE_BAD_NAME" });
});

test("permissions are those that were asked for, whatever the process masks", async () => {
  const strict = new FileStorage(join(folder, "strict"), { fileMode: 0o666, directoryMode: 0o700 });
  await strict.save("inner/a.txt", "x");
  assert.equal((await stat(join(folder, "strict/inner/a.txt"))).mode & 0o777, 0o666);
  assert.equal((await stat(join(folder, "strict/inner"))).mode & 0o777, 0o700);
  await files.save("usual/a.txt", "x");
  assert.equal((await stat(join(folder, "usual/a.txt"))).mode & 0o777, 0o644);
});

test("a folder that overwrites keeps one file of a name, whole at every moment", async () => {
  const over = new FileStorage(join(folder, "over"), { allowOverwrite: true });
  await over.save("a.txt", "first");
  const open = await over.open("a.txt");
  assert.equal(await over.save("a.txt", "second"), "a.txt");
  assert.equal(await over.availableName("a.txt"), "a.txt");
  assert.equal((await open.toArray()).join(""), "first");
  assert.equal(Buffer.from(await over.read("a.txt")).toString(), "second");
  assert.ok((await over.accessedTime("a.txt")) instanceof Date);
});

test("a name whose folder is a file, or that is a folder, is refused", async () => {
  await files.save("plain.txt", "x");
  await assert.rejects(files.save("plain.txt/inner.txt", "x"), { code: "STORAGE_BAD_NAME" });
  await files.save("taken/inner.txt", "x");
  assert.match(await files.save("taken", "x"), /^taken_\w{7}$/);
  await assert.rejects(files.save("taken", "x", { overwrite: true }), { code: "STORAGE_BAD_NAME" });
  await assert.rejects(files.save(`${"x".repeat(300)}/a.txt`, "x"), { code: "STORAGE_BAD_NAME" });
  await assert.rejects(files.size("taken"), { code: "STORAGE_NO_FILE" });
});

test("a disk without room for a file is said, and keeps nothing of it", async () => {
  const small = join(folder, "small");
  const program = `
    import { FileStorage } from "cortado/storage";
    const error = await new FileStorage(${JSON.stringify(small)}).save("big.bin", Buffer.alloc(1_000_000)).catch((error) => error);
    console.log(JSON.stringify([error.code, error.message, error.hint]));`;
  // A process that may write 8 KB meets the end of its disk early.
  const node = `ulimit -f 8 && exec "$0" --conditions=cortado-source --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", node, process.execPath, program], { encoding: "utf8" });
  const told = ["STORAGE_FULL", 'The storage has no room for "big.bin".', "Free some space, or let the storage have more."];
  assert.deepEqual(JSON.parse(stdout || "null"), told, stderr);
  assert.deepEqual(await readdir(small), []);
});

test("a temporary file is there for a while, and a storage takes it", async () => {
  let path: string;
  {
    await using draft = await temporaryFile("../draft.csv", "a,b\n");
    ({ path } = draft);
    assert.equal(draft.name, "draft.csv");
    assert.equal(await draft.size(), 4);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal(Buffer.from(await files.read(await files.save("final.csv", draft))).toString(), "a,b\n");
  }
  await assert.rejects(stat(path), { code: "ENOENT" });
  await assert.rejects(temporaryFile("/"), { code: "STORAGE_BAD_NAME" });
});
