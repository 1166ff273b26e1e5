import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { S3Client } from "@aws-sdk/client-s3";
import { collectStatic, staticUrl, useStaticFiles } from "cortado/http";
import { image, integer, manager, Model, upload } from "cortado/orm";
import { openStorage, S3Storage, useStorages } from "cortado/storage";
import S3rver from "s3rver";
import { openModels } from "../orm/open-cafe.ts";
import { testStorage } from "./storage-conformance.ts";
import { temporaryFolder } from "../temporary-folder.ts";

class Photo extends Model({
  picture: image({ uploadTo: "photos/%Y", widthField: "width", heightField: "height" }),
  width: integer({ null: true }),
  height: integer({ null: true }),
}) {
  static objects = manager(this);
}

interface Presigner {
  presign(request: object, options: object): Promise<{ query: Record<string, string> }>;
}

// The credentials that the server knows.
process.env["AWS_ACCESS_KEY_ID"] = "S3RVER";
process.env["AWS_SECRET_ACCESS_KEY"] = "S3RVER";

let folder: string;
let server: S3rver;
let endpoint: string;
const opened: S3Storage[] = [];

function open(parameters = "", name = "files/of the project"): S3Storage {
  const storage = new S3Storage(`s3://bucket/${encodeURIComponent(name)}?endpoint=${endpoint}${parameters}`);
  opened.push(storage);
  return storage;
}

before(async () => {
  folder = temporaryFolder();
  server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "bucket", configs: [] }],
  });
  const { port } = await server.run();
  endpoint = `http://127.0.0.1:${port}`;
});
after(async () => {
  for (const storage of opened) await storage.close();
  await server.close();
});

let shared: Promise<S3Storage> | undefined;
testStorage("a bucket", {
  open: () =>
    (shared ??= (async () => {
      const storage = open();
      await storage.ready();
      return storage;
    })()),
  isExclusive: false,
});

test("a private file has an address that is signed as Amazon's own client signs it", async () => {
  const storage = open("&expires=60");
  await storage.ready();
  const name = await storage.save("한글 (1)+&.png", "picture");
  const url = new URL(storage.url(name));
  const answer = await fetch(url);
  assert.equal(await answer.text(), "picture");
  assert.equal(answer.headers.get("content-type"), "image/png");
  const payload = "x-amz-content-sha256";
  const { config } = new S3Client({ region: "us-east-1" });
  const signer = (await config.signer()) as unknown as Presigner;
  const [, year, month, day, ...time] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(url.searchParams.get("X-Amz-Date")!)!;
  const signingDate = new Date(`${year}-${month}-${day}T${time.join(":")}Z`);
  const request = {
    method: "GET",
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: {},
    headers: { host: url.host, [payload]: "UNSIGNED-PAYLOAD" },
  };
  const { query } = await signer.presign(request, {
    expiresIn: 60,
    signingDate,
    signingRegion: "us-east-1",
    signingService: "s3",
    unsignableHeaders: new Set([payload]),
    unhoistableHeaders: new Set([payload]),
  });
  assert.equal(url.searchParams.get("X-Amz-Signature"), query["X-Amz-Signature"]);
});

test("addresses of public files, of another host and of Amazon's own are plain", () => {
  assert.equal(open("&access=public", "p").url("a b.png"), `${endpoint}/bucket/p/a%20b.png`);
  assert.equal(open("&domain=cdn.example.com", "p").url("a.png"), "https://cdn.example.com/p/a.png");
  assert.equal(
    new S3Storage("s3://shop?access=public&region=eu-west-1").url("a.png"),
    "https://shop.s3.eu-west-1.amazonaws.com/a.png",
  );
  assert.throws(() => open().url("a.png"), {
    code: "STORAGE_NO_CREDENTIALS",
    message:
      /^The storage s3:\/\/bucket\/.* has no credentials to sign addresses with: they were not asked for yet; await storage\.ready\(\) first\.$/,
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or say ?access=public where the files are public.",
  });
});

test("a large file goes in parts and comes back whole, and one that breaks is not there", async () => {
  const storage = open();
  const megabyte = Buffer.alloc(1024 * 1024);
  async function* large(breaksAt: number) {
    for (let i = 0; i < 18; i++) {
      if (i === breaksAt) throw new Error("the line is down");
      yield megabyte.fill(i);
    }
  }
  const name = await storage.save("large.bin", large(-1));
  assert.equal(await storage.size(name), 18 * megabyte.length);
  const last = Buffer.concat(await (await storage.open(name, { start: 17 * megabyte.length })).toArray());
  assert.ok(last.equals(megabyte.fill(17)));
  await assert.rejects(storage.save("broken.bin", large(17)), /^Error: the line is down$/);
  assert.equal(await storage.exists("broken.bin"), false);
});

test("a bucket that is not there, or a server, is said", async () => {
  const hint = "Check its address, its credentials, and what they are allowed to do.";
  const other = new S3Storage(`s3://none?endpoint=${endpoint}`);
  await assert.rejects(other.save("a.txt", "x"), {
    code: "STORAGE_FAILED",
    message: /^The storage s3:\/\/none did not answer as it should: NoSuchBucket: /,
    hint,
  });
  await assert.rejects(other.read("a.txt"), { code: "STORAGE_FAILED" });
  const away = new S3Storage("s3://bucket?endpoint=http://127.0.0.1:9");
  await assert.rejects(away.read("a.txt"), { code: "STORAGE_FAILED", message: /ECONNREFUSED|bad port/ });
  await Promise.all([other.close(), away.close()]);
});

test("an address that cannot be read is refused", () => {
  const refused = (url: string, message: string | RegExp) =>
    assert.throws(() => openStorage(url, "/"), {
      code: "STORAGE_BAD_ADDRESS",
      message,
      hint: 'For example: "file:var/storage?fileMode=640", or "s3://bucket/prefix?region=eu-central-1".',
    });
  refused("s3://", 'The storage "s3://" cannot be opened: it names no bucket.');
  refused("s3://key:secret@bucket", /^The storage "s3:\/\/…@bucket" cannot be opened: credentials do not stand in it/);
  refused("s3://bucket?regoin=x", /it has the parameter "regoin", and can have endpoint, region/);
  refused("s3://bucket?access=all", /`access` is "all", and must be public or private/);
  refused("s3://bucket?expires=0", /`expires` is "0", and must be a number above 0, and at most 604800/);
  refused("s3://bucket?endpoint=minio", /`endpoint` must begin with https/);
});

test("static files are collected into a bucket, hashed names to be kept for ever", async (t) => {
  const root = temporaryFolder(t, { "static/site.css": "a {}" });
  const target = open("&access=public&overwrite=true", "static");
  const settings = { apps: [], root, mode: "production", debug: false, secretKey: "x" } as never;
  const summary = await collectStatic(settings, target);
  assert.deepEqual([summary.copied, summary.hashed, summary.compressed], [1, 1, 0]);
  useStorages({ staticfiles: target });
  t.after(() => useStaticFiles({ ...(settings as object), debug: true } as never));
  await useStaticFiles(settings);
  const answer = await fetch(staticUrl("site.css"));
  assert.match(answer.url, /\/bucket\/static\/site\.[0-9a-f]{12}\.css$/);
  assert.deepEqual([answer.status, await answer.text()], [200, "a {}"]);
  assert.equal(answer.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.equal((await collectStatic(settings, target, { clear: true })).deleted, 3);
});

test("files of rows lie in a bucket, and images tell their size", async (t) => {
  const storage = open("", "media");
  await storage.ready();
  useStorages({ default: storage });
  const database = await openModels("sqlite::memory:", { Photo });
  t.after(() => database.close());
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000030000000500000000000000", "hex");
  const photo = await Photo.objects.create({ picture: upload(png, "my photo.png") });
  const year = new Date().getUTCFullYear();
  assert.equal(photo.picture.name, `photos/${year}/my_photo.png`);
  assert.deepEqual([photo.width, photo.height], [3, 5]);
  assert.deepEqual(Buffer.from(await photo.picture.bytes()), png);
  assert.deepEqual(Buffer.from(await (await fetch(photo.picture.url)).arrayBuffer()), png);
  await photo.picture.delete({ save: false });
  assert.equal(await storage.exists(`photos/${year}/my_photo.png`), false);
});
