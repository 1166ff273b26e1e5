import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  type FileStorage,
  MemoryStorage,
  openStorage,
  openStorages,
  S3Storage,
  storage,
  storageDirectory,
  useStorages,
} from "cortado/storage";

test("a storage is a folder relative to the project, in memory, or elsewhere", () => {
  const files = openStorage("file:var/storage", "/srv", { folder: "media", baseUrl: "/uploads" }) as FileStorage;
  assert.equal(files.directory, "/srv/var/storage/media");
  assert.equal(files.url("a.png"), "/uploads/a.png");
  assert.equal(openStorage("file:x?baseUrl=https://x.example/m", "/srv").url("a.png"), "https://x.example/m/a.png");
  assert.ok(openStorage("memory:", "/srv") instanceof MemoryStorage);
  assert.ok(openStorage("s3://bucket", "/srv") instanceof S3Storage);
});

test("what must lie on the machine lies in the storage's folder, or beside the project where the storage is elsewhere", () => {
  assert.equal(storageDirectory("file:var/own?baseUrl=/m/", "/srv"), "/srv/var/own");
  assert.equal(storageDirectory("s3://bucket", "/srv"), "/srv/var/storage");
});

test("a storage that cannot be opened is refused with what could be", () => {
  for (const url of ["ftp://bucket/prefix", "file:///etc", "var/storage"]) {
    assert.throws(() => openStorage(url, "/tmp"), {
      code: "STORAGE_UNKNOWN_SCHEME",
      message: `The storage "${url}" cannot be opened. Its address must begin with: file:, s3:, memory:.`,
      hint: 'Keep files in a folder: storage: "file:var/storage".',
    });
  }
  assert.throws(() => openStorage("file:", "/tmp"), {
    code: "STORAGE_NO_FOLDER",
    message: 'The storage "file:" names no folder.',
    hint: 'Write the folder after the colon: "file:var/storage".',
  });
  assert.throws(() => openStorage("file:x?mode=1", "/tmp"), {
    code: "STORAGE_BAD_ADDRESS",
    message:
      'The storage "file:x?mode=1" cannot be opened: it has the parameter "mode", and can have baseUrl, fileMode, directoryMode, overwrite.',
    hint: 'For example: "file:var/storage?fileMode=640", or "s3://bucket/prefix?region=eu-central-1".',
  });
  assert.throws(() => openStorage("file:x?fileMode=rw", "/tmp"), /`fileMode` is "rw", and must be permissions such as 640/);
  assert.throws(() => openStorage("file:x?overwrite=yes", "/tmp"), /`overwrite` is "yes", and must be true or false/);
});

test("a project's storages are those of its settings, uploads and static files always among them", () => {
  const root = "/srv";
  const own = new MemoryStorage();
  const project = { root, storage: "file:var/storage", mediaUrl: "/m/" };
  const usual = openStorages(project as never) as Record<string, FileStorage>;
  assert.equal(usual["default"]!.directory, join(root, "var/storage/media"));
  assert.equal(usual["default"]!.url("a.png"), "/m/a.png");
  assert.equal(usual["staticfiles"]!.directory, join(root, "var/static"));
  assert.equal(usual["staticfiles"]!.url("a.css"), "/static/a.css");
  const given = openStorages({ ...project, storages: { default: own, backups: "file:/backups" } } as never);
  assert.equal(given["default"], own);
  assert.equal((given["backups"] as FileStorage).directory, "/backups");
});

test("a storage that is not open is said, with what it was meant to be", () => {
  useStorages({ default: new MemoryStorage(), backups: new MemoryStorage() });
  assert.throws(() => storage("backup"), {
    code: "STORAGE_NOT_OPEN",
    message: 'There is no storage "backup". Open: default, backups.',
    hint: 'Did you mean "backups"?',
  });
  useStorages({});
});
