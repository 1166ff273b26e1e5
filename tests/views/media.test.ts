import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { HttpError, type HttpRequest, path } from "cortado/http";
import { useSecretKeys } from "cortado/signing";
import { FileStorage, MemoryStorage, type Storage, useStorages } from "cortado/storage";
import { media, mediaView, signedMediaUrl, storedFile } from "cortado/views";
import { openSite } from "./open-site.ts";
import { temporaryFolder } from "../temporary-folder.ts";

async function openMedia(t: TestContext, more: Record<string, Storage> = {}) {
  const folder = temporaryFolder(t);
  const files = new FileStorage(folder);
  useStorages({ default: files, ...more });
  const guarded = async (request: HttpRequest, { name }: { name: string }) => {
    if (request.query.get("user") !== "ada") throw new HttpError(403, "Not yours.");
    return storedFile(name, { storage: "private", download: "yours.png" });
  };
  const site = await openSite(t, [
    path("media/<path:name>", media),
    path("private/<path:name>", mediaView({ storage: "private", signed: true })),
    path("guarded/<path:name>", guarded),
    path("none/", () => storedFile(null)),
  ]);
  return { site, files };
}

test("an upload is shown at its address, and nothing in it runs", async (t) => {
  const { site, files } = await openMedia(t);
  const url = files.url(await files.save("photos/a b.png", "png"));
  const image = await site.inject(url);
  assert.equal(image.statusCode, 200);
  assert.equal(image.body, "png");
  assert.equal(image.headers["content-type"], "image/png");
  assert.equal(image.headers["content-disposition"], undefined);
  assert.equal(image.headers["x-content-type-options"], "nosniff");
  assert.match(String(image.headers["content-security-policy"]), /sandbox/);
  for (const name of ["a.html", "a.svg", "a.js", "a"]) {
    const answer = await site.inject(files.url(await files.save(name, "<script>")));
    assert.match(String(answer.headers["content-disposition"]), /^attachment/, name);
  }
});

test("nothing outside of the storage is shown", async (t) => {
  const { site } = await openMedia(t);
  for (const name of [
    "none.png",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "a%00b",
    "..",
    "C:%5cboot.ini",
    "%252e%252e/a",
  ]) {
    assert.equal((await site.inject(`/media/${name}`)).statusCode, 404, name);
  }
  assert.equal((await site.inject("/none/")).statusCode, 404);
});

test("parts of a file are sent, and what a browser has is not sent again, from storages without folders too", async (t) => {
  const memory = new MemoryStorage();
  useStorages({});
  const { site, files } = await openMedia(t);
  for (const kept of [files, memory]) {
    useStorages({ default: kept });
    const url = kept.url(await kept.save("film.mp4", "0123456789"));
    const part = await site.inject({ url, headers: { range: "bytes=2-4" } });
    assert.deepEqual([part.statusCode, part.body, part.headers["content-range"]], [206, "234", "bytes 2-4/10"]);
    const last = await site.inject({ url, headers: { range: "bytes=-3" } });
    assert.deepEqual([last.statusCode, last.body, last.headers["content-length"]], [206, "789", "3"]);
    assert.equal((await site.inject({ url, headers: { range: "bytes=10-" } })).statusCode, 416);
    const whole = await site.inject(url);
    assert.deepEqual(
      [whole.body, whole.headers["content-length"], whole.headers["accept-ranges"]],
      ["0123456789", "10", "bytes"],
    );
    const known = await site.inject({ url, headers: { "if-none-match": whole.headers.etag } });
    assert.deepEqual([known.statusCode, known.body], [304, ""]);
    const head = await site.inject({ method: "HEAD", url });
    assert.deepEqual([head.statusCode, head.body, head.headers["content-length"]], [200, "", "10"]);
  }
});

test("a signed address shows one file for a while, and nothing else", async (t) => {
  useSecretKeys("a secret key that is long enough for tests");
  const kept = new MemoryStorage({ baseUrl: "/private/" });
  const { site } = await openMedia(t, { private: kept, other: new MemoryStorage({ baseUrl: "/private/" }) });
  await kept.save("contracts/1.pdf", "one");
  await kept.save("contracts/2.pdf", "two");
  const url = signedMediaUrl("contracts/1.pdf", { storage: "private", expires: 60 });
  assert.match(url, /^\/private\/contracts\/1\.pdf\?expires=\d+&signature=[\w-]+$/);
  const answer = await site.inject(url);
  assert.deepEqual([answer.statusCode, answer.body, answer.headers["cache-control"]], [200, "one", "private, no-store"]);
  const refused = [
    "/private/contracts/1.pdf",
    url.replace("1.pdf", "2.pdf"),
    url.replace(/expires=\d+/, "expires=99999999999"),
    url.replace(/expires=\d+/, "expires=NaN"),
    url.replace(/signature=.*/, "signature="),
    signedMediaUrl("contracts/1.pdf", { storage: "private", expires: -1 }),
    signedMediaUrl("contracts/1.pdf", { storage: "other" }),
  ];
  for (const wrong of refused) assert.equal((await site.inject(wrong)).statusCode, 403, wrong);
});

test("a view sends a stored file after it asked who may see it", async (t) => {
  const kept = new MemoryStorage();
  const { site } = await openMedia(t, { private: kept });
  await kept.save("a.png", "png");
  assert.equal((await site.inject("/guarded/a.png")).statusCode, 403);
  const answer = await site.inject("/guarded/a.png?user=ada");
  assert.deepEqual([answer.statusCode, answer.body], [200, "png"]);
  assert.equal(answer.headers["content-disposition"], 'attachment; filename="yours.png"');
  assert.match(String(answer.headers["content-security-policy"]), /sandbox/);
  assert.equal((await site.inject("/guarded/b.png?user=ada")).statusCode, 404);
});
