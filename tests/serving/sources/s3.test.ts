import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, type ModelRepository, ModelServer, openSource, type OpenSourceOptions, pushVersion } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { openedSource } from "./opened-source.ts";
import { startS3 } from "./s3-server.ts";

const s3 = await startS3({ after });
let count = 0;
afterEach(() => (s3.trouble = undefined));

const opened = (t: TestContext, prefix: string, options: OpenSourceOptions = {}) => openedSource(t, s3.source(prefix), options);

async function put(prefix: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const storage = s3.storage(prefix);
  for (const [name, content] of Object.entries(files)) await storage.save(name, content);
}

/** A folder with a version's manifest and files, as `pushVersion` makes it. */
async function pushed(t: TestContext, prefix: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  await pushVersion(temporaryFolder(t, files), `${s3.source(`${prefix}/digits`)}`);
}

async function fetched(repository: ModelRepository, wanted = "1"): Promise<string> {
  for (const end = Date.now() + 10_000; ;) {
    const found = (await repository.versions("digits")).find(({ version }) => version === wanted);
    if (found) {
      await found.fetch!();
      return found.directory;
    }
    assert.ok(Date.now() < end, repository.problem?.() ?? "it is not there");
    await repository.refresh!();
  }
}

const content = (folder: string, name = "model.onnx") => readFileSync(join(folder, name));

async function fillDisk(t: TestContext, mount: string): Promise<void> {
  const prefix = `s3-${++count}`;
  await pushed(t, prefix, { "model.onnx": new Uint8Array(3_000_000) });
  const repository = openSource(s3.source(`${prefix}/digits`), { model: "digits", cache: mount, poll: false });
  try {
    await assert.rejects(
      fetched(repository),
      refusal({
        code: "SERVING_SOURCE_FAILED",
        message: "The cache of models has no room left.",
        hint: /serving\.sources\.cache/,
      }),
    );
    await pushed(t, prefix, { "model.onnx": "small" });
    await repository.refresh!();
    assert.equal(String(content(await fetched(repository, "2"))), "small");
  } finally {
    await repository.close!();
  }
}

describe("models in S3", () => {
  it("are found at once where a manifest is there, and when they stand still where none is", async (t) => {
    const prefix = `s3-${++count}`;
    await put(`${prefix}/digits`, { "1/model.onnx": "one" });
    const repository = opened(t, `${prefix}/digits`);
    assert.deepEqual(await repository.versions("digits"), []);
    await pushed(t, prefix, { "model.onnx": "two" });
    await repository.refresh!();
    assert.deepEqual((await repository.versions("digits")).map(({ version }) => version).sort(), ["1", "2"]);
    assert.equal(String(content(await fetched(repository, "2"))), "two");
  });

  it("that are half written are not served, and what was there before is", async (t) => {
    const prefix = `s3-${++count}/digits`;
    await put(prefix, { "1/model.onnx": "one" });
    const repository = opened(t, prefix, { poll: 1 });
    const before = await fetched(repository);
    for (let i = 0; i < 6; i++) {
      await put(prefix, { "1/model.onnx": `growing ${"x".repeat(i)}`, [`2/part-${i}.bin`]: "x" });
      await sleep(400);
      const versions = await repository.versions("digits");
      assert.deepEqual(
        versions.map(({ version, directory }) => [version, directory]),
        [["1", before]],
      );
    }
    await fetched(repository, "2");
    assert.equal(String(content(await fetched(repository))), "growing xxxxx");
    assert.equal(String(content(before)), "one");
  });

  it("whose push never ended are not there, however long they stand still", async (t) => {
    const prefix = `s3-${++count}/digits`;
    await put(prefix, { "1/model.onnx": "one", "2/.unfinished": "", "2/model.onnx": "half" });
    const repository = opened(t, prefix, { poll: 1 });
    await fetched(repository, "1");
    await repository.refresh!();
    assert.deepEqual(
      (await repository.versions("digits")).map(({ version }) => version),
      ["1"],
    );
    await put(prefix, { "2/manifest.json": "{}" });
    await repository.refresh!();
    assert.equal((await repository.versions("digits")).length, 2);
  });

  it("go on where the line was cut, from the byte that came last", async (t) => {
    const prefix = `s3-${++count}`;
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31) % 251);
    await pushed(t, prefix, { "model.onnx": bytes });
    let cuts = 0;
    s3.trouble = ({ method, url }) =>
      method === "GET" && url!.includes("model.onnx") && cuts++ < 3 ? { cutAfter: 800_000 } : undefined;
    s3.requests.length = 0;
    const folder = await fetched(opened(t, `${prefix}/digits`));
    assert.deepEqual(new Uint8Array(content(folder)), bytes);
    const ranges = s3.requests.filter((line) => line.includes("model.onnx")).map((line) => /bytes=(\d+)-/.exec(line)?.[1] ?? "0");
    assert.equal(ranges.length, 4);
    assert.ok(
      ranges.every((range, i) => i === 0 || Number(range) > Number(ranges[i - 1])),
      String(ranges),
    );
  });

  it("go on in another process where one was ended in the middle", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": new Uint8Array(2_000_000) });
    const cache = temporaryFolder(t);
    s3.trouble = ({ url }) => (url!.includes("model.onnx") ? { cutAfter: 700_000 } : undefined);
    const first = opened(t, `${prefix}/digits`, { cache });
    const [version] = await first.versions("digits");
    const fetching = version!.fetch!();
    const parts = () =>
      readdirSync(cache, { recursive: true, withFileTypes: true }).filter(({ name }) => name === "model.onnx.part");
    while (!parts().some((part) => statSync(join(part.parentPath, part.name)).size > 0)) await sleep(20);
    await Promise.all([assert.rejects(fetching), first.close!()]);
    s3.trouble = undefined;
    s3.requests.length = 0;
    assert.equal(content(await fetched(opened(t, `${prefix}/digits`, { cache }))).byteLength, 2_000_000);
    assert.match(
      s3.requests.find((line) => line.includes("model.onnx"))!,
      /bytes=[1-9]\d*-$/,
    );
  });

  it("are begun anew where nothing comes any more", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": "patience" });
    let hangs = 0;
    s3.trouble = ({ url }) => (url!.includes("model.onnx") && hangs++ < 1 ? { hang: true } : undefined);
    assert.equal(String(content(await fetched(opened(t, `${prefix}/digits`, { timeout: 1 })))), "patience");
  });

  it("with another digest than their manifest says are refused, and fetched again when they are mended", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": "right" });
    await put(`${prefix}/digits`, { "1/model.onnx": "wrong" });
    const repository = opened(t, `${prefix}/digits`);
    await assert.rejects(
      fetched(repository),
      refusal({ code: "SERVING_BAD_MANIFEST", message: /has another digest for model\.onnx than the file\.$/ }),
    );
    await put(`${prefix}/digits`, { "1/model.onnx": "right" });
    await repository.refresh!();
    assert.equal(String(content(await fetched(repository))), "right");
  });

  it("are fetched again where the cache was damaged", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": "right" });
    const cache = temporaryFolder(t);
    const folder = await fetched(opened(t, `${prefix}/digits`, { cache }));
    writeFileSync(join(folder, "model.onnx"), "rotten");
    const repository = opened(t, `${prefix}/digits`, { cache });
    await fetched(repository);
    assert.equal(String(content(await fetched(repository))), "right");
  });

  it("bigger than a version may be are not even begun", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": new Uint8Array(200_000) });
    s3.requests.length = 0;
    await assert.rejects(
      fetched(opened(t, `${prefix}/digits`, { maxSize: 100_000 })),
      refusal({ code: "SERVING_BAD_ARTIFACT", message: /^The version has \d+ bytes, and may have 100000\.$/ }),
    );
    assert.equal(s3.requests.filter((line) => line.includes("model.onnx")).length, 0);
  });

  it("whose names would leave the version's folder are refused", async (t) => {
    const prefix = `s3-${++count}`;
    await put(`${prefix}/digits`, { "1/model.onnx": "one", "1/a\\b.bin": "evil" }).catch(() => {});
    const storage = s3.storage(prefix);
    const { S3Client, PutObjectCommand } = await import("@aws-sdk/client-s3");
    const client = new S3Client({
      endpoint: s3.endpoint,
      forcePathStyle: true,
      region: "us-east-1",
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    t.after(() => client.destroy());
    await client.send(new PutObjectCommand({ Bucket: "bucket", Key: `${prefix}/digits/1/c:evil`, Body: "evil" }));
    assert.ok(await storage.exists("digits/1/model.onnx"));
    await assert.rejects(
      fetched(opened(t, `${prefix}/digits`)),
      refusal({ code: "SERVING_BAD_ARTIFACT", message: /"c:evil" is not a name that stays/ }),
    );
  });

  it("do not fill the disk: what does not fit is taken away, and said", async (t) => {
    const mount = temporaryFolder(t);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", mount], { stdio: "ignore" });
    } catch {
      return t.skip("a small file system cannot be mounted here");
    }
    try {
      await fillDisk(t, mount);
    } finally {
      execFileSync("umount", ["-l", mount]);
    }
  });

  it("that a bucket refuses are said to be refused, without its address", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": "one" });
    s3.trouble = ({ url }) => (url!.includes("model.onnx") ? { status: 403 } : undefined);
    await assert.rejects(
      fetched(opened(t, `${prefix}/digits`)),
      refusal({ code: "SERVING_SOURCE_FAILED", message: /^model\.onnx was refused by its bucket: 403 \w+\.$/ }),
    );
  });

  it("stay served while the server fails, and messages hold no secret", async (t) => {
    const prefix = `s3-${++count}`;
    await pushed(t, prefix, { "model.onnx": "one" });
    const cache = temporaryFolder(t);
    await fetched(opened(t, `${prefix}/digits`, { cache }));
    s3.trouble = () => ({ status: 403 });
    const warnings: string[] = [];
    const repository = opened(t, `${prefix}/digits`, { cache, warn: (message) => void warnings.push(message) });
    assert.equal(String(content(await fetched(repository))), "one");
    await repository.refresh!();
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^The source s3:\/\/bucket\/s3-\d+\/digits could not be looked at: .*What was found before stays served\./,
    );
    assert.doesNotMatch(warnings[0]!, /S3RVER|Signature|127\.0\.0\.1/);
  });

  it("answer for a handler, and a new version takes over without a failed request", async (t) => {
    const prefix = `s3-${++count}`;
    const publish = (factor: number) =>
      pushVersion(temporaryFolder(t, { "model.onnx": timesModel(factor) }), s3.source(`${prefix}/times`));
    await publish(1);
    const times = handler({ name: "times", source: s3.source(`${prefix}/times`) });
    const server = new ModelServer({ handlers: [times], sources: { cache: temporaryFolder(t), poll: 0.2 } });
    t.after(() => server.close());
    await server.start();
    await server.settled();
    let stop = false;
    let answered = 0;
    const clients = Array.from({ length: 4 }, async () => {
      while (!stop) {
        const { outputs, version } = await server.predict("times", [{ x: [1, 1] }]);
        assert.equal(String((outputs[0] as { y: number[] }).y[0]), version);
        answered++;
      }
    });
    for (const next of [2, 3]) {
      await publish(next);
      for (const end = Date.now() + 15_000; server.describe("times").aliases["default"] !== String(next); await sleep(20))
        assert.ok(Date.now() < end, "the new version did not take over");
    }
    stop = true;
    await Promise.all(clients);
    assert.ok(answered > 20);
  });

  it("are looked at in explicit mode only when a model is loaded", async (t) => {
    const prefix = `s3-${++count}`;
    await pushVersion(temporaryFolder(t, { "model.onnx": timesModel(1) }), s3.source(`${prefix}/times`));
    const server = new ModelServer({
      repositories: [s3.source(prefix)],
      mode: "explicit",
      sources: { cache: temporaryFolder(t) },
    });
    t.after(() => server.close());
    await server.start();
    await server.load("times");
    s3.requests.length = 0;
    await pushVersion(temporaryFolder(t, { "model.onnx": timesModel(2) }), s3.source(`${prefix}/times`));
    const before = s3.requests.length;
    await sleep(700);
    assert.equal(s3.requests.length, before);
    await server.load("times");
    assert.equal((await server.predict("times", [{ x: [1, 1] }])).version, "2");
  });
});
