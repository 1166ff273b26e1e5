import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { path } from "cortado/http";
import { FileStorage, useStorages } from "cortado/storage";
import { media } from "cortado/views";
import { openSite } from "./open-site.ts";

async function openMedia(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "cortado-media-"));
  const files = new FileStorage(folder);
  useStorages({ default: files });
  t.after(() => rm(folder, { recursive: true }));
  const site = await openSite(t, [path("media/<path:name>", media)]);
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
  for (const name of ["none.png", "..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "a%00b", ".."]) {
    assert.equal((await site.inject(`/media/${name}`)).statusCode, 404, name);
  }
});
