import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { openSource, type OpenSourceOptions } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusal } from "../refused.ts";
import { type TarEntry, tarOf } from "./tar-writer.ts";
import { startWeb } from "./web-server.ts";
import { type ZipEntry, zipOf } from "./zip-writer.ts";

const web = await startWeb({ after });
let count = 0;

/** Fetches an archive as a model's only version; gives its folder. */
async function unpacked(t: TestContext, archive: Uint8Array, options: OpenSourceOptions = {}): Promise<string> {
  const path = `/archive-${++count}`;
  web.files.set(path, Buffer.from(archive));
  const cache = temporaryFolder(t);
  const repository = openSource(web.url + path, { model: "digits", allow: [web.url], cache, poll: false, ...options });
  t.after(() => repository.close?.());
  const [version] = await repository.versions("digits");
  assert.ok(version, repository.problem?.());
  try {
    await version.fetch!();
  } finally {
    const escaped = readdirSync(cache, { recursive: true }).filter((name) => String(name).includes("evil"));
    assert.deepEqual(escaped, []);
  }
  return version.directory;
}

const badArchive = (message: RegExp) => refusal({ code: "SERVING_BAD_ARTIFACT", message });
const files = { "model.onnx": "the model", "labels.txt": "a\nb\n", "inner/more.bin": "x".repeat(2000) };
const entries = Object.entries(files).map(([name, content]) => ({ name, content }));
const evil: readonly string[] = [
  "../evil",
  "../../evil",
  "/tmp/evil",
  "a/../../evil",
  "..\\evil",
  "C:\\evil",
  "a\\..\\evil",
  "evil\0.txt",
  "a//evil",
];

function assertWhole(folder: string): void {
  for (const [name, content] of Object.entries(files)) assert.equal(readFileSync(join(folder, name), "utf8"), content);
  assert.deepEqual(readdirSync(folder).sort(), ["inner", "labels.txt", "manifest.json", "model.onnx"]);
}

describe("an archive", () => {
  const packed: Record<string, Buffer> = {
    "of zip, packed": zipOf(entries),
    "of zip, stored": zipOf(entries.map((entry) => ({ ...entry, stored: true }))),
    "of zip with a folder around it": zipOf([
      { name: "models-1.2/" },
      ...entries.map((entry) => ({ ...entry, name: `models-1.2/${entry.name}` })),
    ]),
    "of tar": tarOf(entries),
    "of tar with names from here": tarOf([
      { name: "./", kind: "5" },
      ...entries.map((entry) => ({ ...entry, name: `./${entry.name}` })),
    ]),
    "of tar.gz": gzipSync(tarOf(entries)),
    "of tar.zst": zstdCompressSync(tarOf(entries)),
    "of tar.gz with a folder around it": gzipSync(
      tarOf([{ name: "models-1.2/", kind: "5" }, ...entries.map((entry) => ({ ...entry, name: `models-1.2/${entry.name}` }))]),
    ),
  };
  for (const [title, archive] of Object.entries(packed)) {
    it(`${title} is taken apart`, async (t) => assertWhole(await unpacked(t, archive)));
  }

  it("of tar has names longer than its headers hold", async (t) => {
    const long = `${"folder/".repeat(5)}${"n".repeat(180)}.txt`;
    const pax = ` path=${long}\n`;
    const length = pax.length + String(pax.length + 3).length;
    const gnu = await unpacked(
      t,
      tarOf([{ name: "././@LongLink", kind: "L", content: `${long}\0` }, { name: "short", content: "1" }, entries[0]!]),
    );
    const posix = await unpacked(
      t,
      tarOf([{ name: "x", kind: "x", content: `${length}${pax}` }, { name: "short", content: "1" }, entries[0]!]),
    );
    for (const folder of [gnu, posix]) assert.equal(readFileSync(join(folder, long), "utf8"), "1");
  });

  it("gives its files no rights but to be read", async (t) => {
    const folder = await unpacked(t, tarOf([{ name: "model.onnx", content: "x", mode: 0o6777 }]));
    assert.equal(statSync(join(folder, "model.onnx")).mode & 0o7777, 0o600);
  });

  it("cannot put a file outside of the version's folder", async (t) => {
    for (const name of evil) {
      await assert.rejects(unpacked(t, zipOf([{ name, content: "x" }])), badArchive(/not a name that stays inside/), name);
      if (!name.includes("\0"))
        await assert.rejects(unpacked(t, tarOf([{ name, content: "x" }])), badArchive(/stays inside/), name);
    }
    assert.equal(existsSync("/tmp/evil"), false);
  });

  it("holds no links, devices or sparse files", async (t) => {
    for (const kind of ["1", "2", "3", "4", "6", "7", "S", "V"]) {
      const entry: TarEntry = { name: "model.onnx", kind, target: "/etc/passwd" };
      await assert.rejects(
        unpacked(t, tarOf([entry])),
        badArchive(/is a link, a device or something else that is no file/),
        kind,
      );
    }
    const linked: TarEntry[] = [
      { name: "inner", kind: "2", target: "/tmp" },
      { name: "inner/evil", content: "x" },
    ];
    await assert.rejects(unpacked(t, tarOf(linked)), badArchive(/link/));
    for (const mode of [0o120_777, 0o020_666, 0o060_666, 0o010_666])
      await assert.rejects(
        unpacked(t, zipOf([{ name: "model.onnx", content: "/etc/passwd", mode }])),
        badArchive(/is a link or a device/),
      );
    const sparse = "22 GNU.sparse.major=1\n";
    await assert.rejects(unpacked(t, tarOf([{ name: "x", kind: "x", content: sparse }])), badArchive(/sparse/));
  });

  it("has no more bytes and files than it may", async (t) => {
    const bomb = Buffer.alloc(3_000_000);
    for (const archive of [zipOf([{ name: "bomb", content: bomb }]), gzipSync(tarOf([{ name: "bomb", content: bomb }]))])
      await assert.rejects(unpacked(t, archive, { maxSize: 1_000_000 }), badArchive(/holds more than 1000000 bytes/));
    const liar = zipOf([{ name: "bomb", content: bomb, size: 10 }]);
    await assert.rejects(unpacked(t, liar), badArchive(/is longer than it says/));
    const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}`, stored: true }));
    await assert.rejects(unpacked(t, zipOf(many)), badArchive(/holds more than 10000 files/));
    const shared: ZipEntry[] = Array.from({ length: 20 }, (_, i) => ({ name: `same${i}`, content: "x".repeat(500), at: 0 }));
    await assert.rejects(unpacked(t, zipOf(shared)), badArchive(/over another file/));
  });

  it("has each name once, and no file that is a folder too", async (t) => {
    const twice = [
      { name: "model.onnx", content: "1" },
      { name: "./model.onnx", content: "2" },
    ];
    const both = [
      { name: "inner", content: "1" },
      { name: "inner/file", content: "2" },
    ];
    for (const make of [zipOf, tarOf]) {
      await assert.rejects(unpacked(t, make(twice)), badArchive(/holds "\.\/model\.onnx" twice/));
      await assert.rejects(unpacked(t, make(both)), badArchive(/as a file and as a folder/));
    }
  });

  it("that is damaged, cut or encrypted is refused, wherever it breaks off", async (t) => {
    await assert.rejects(
      unpacked(t, zipOf([{ name: "model.onnx", content: "x", crc: 1 }])),
      badArchive(/is damaged at "model.onnx"/),
    );
    await assert.rejects(unpacked(t, zipOf([{ name: "model.onnx", content: "x", encrypted: true }])), badArchive(/is encrypted/));
    await assert.rejects(unpacked(t, zipOf([{ name: "model.onnx", content: "x", at: 4_000_000_000 }])), badArchive(/./));
    for (const whole of [zipOf(entries), gzipSync(tarOf(entries)), tarOf(entries).subarray(0, -1024)]) {
      for (const part of [0.3, 0.6, 0.9]) {
        const cut = whole.subarray(0, Math.floor((whole.byteLength * part) / 100) * 100 + 50);
        await assert.rejects(unpacked(t, cut), badArchive(/./));
      }
    }
  });

  it("is damaged at random without anything but a refusal", async (t) => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (const whole of [zipOf(entries), tarOf(entries)]) {
      for (let i = 0; i < 40; i++) {
        const damaged = Buffer.from(whole);
        for (let n = 0; n <= random(4); n++) damaged[4 + random(whole.byteLength - 4)] = random(256);
        await unpacked(t, damaged).catch((error: { code?: string }) =>
          assert.equal(error.code, "SERVING_BAD_ARTIFACT", String(error)),
        );
      }
    }
  });
});
