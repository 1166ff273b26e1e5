import assert from "node:assert/strict";
import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStorage } from "cortado/storage";

test("a storage is a folder relative to the project, made when it is opened", () => {
  const root = mkdtempSync(join(tmpdir(), "cortado-storage-"));
  const { directory } = openStorage("file:var/storage", root);
  assert.equal(directory, join(root, "var/storage"));
  assert.ok(statSync(directory).isDirectory());
});

test("a storage that cannot be opened is refused with what could be", () => {
  for (const url of ["s3://bucket/prefix", "file:///etc", "var/storage"]) {
    assert.throws(() => openStorage(url, "/tmp"), {
      code: "STORAGE_UNKNOWN_SCHEME",
      message: `The storage "${url}" cannot be opened. Its address must begin with: file:.`,
      hint: 'Keep files in a folder: storage: "file:var/storage".',
    });
  }
  assert.throws(() => openStorage("file:", "/tmp"), {
    code: "STORAGE_NO_FOLDER",
    message: 'The storage "file:" names no folder.',
    hint: 'Write the folder after the colon: "file:var/storage".',
  });
});
