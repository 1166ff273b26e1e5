// What holds a folder's lock was stopped for so long that another process took the lock over, and goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DiskAliasStore, openSource } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startWeb } from "./web-server.ts";

const web = await startWeb({ after });

/** Takes a lock over as another process does, and gives what it wrote into it. */
function takeOver(lock: string): string {
  renameSync(lock, `${lock}.taken`);
  mkdirSync(lock);
  const holder = `elsewhere 1 ${"0".repeat(36)}`;
  writeFileSync(join(lock, "owner"), holder);
  return holder;
}

test("the new holder of a download's lock keeps it, and what was stopped waits for its turn", { timeout: 60_000 }, async (t) => {
  const cache = temporaryFolder(t);
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  web.files.set("/digits.onnx", Buffer.from("a model"));
  const etag = `"${createHash("sha1").update("a model").digest("hex")}"`;
  web.trouble = ({ method }, response) => {
    if (method === "HEAD") return false;
    asked.resolve();
    void release.promise.then(() => response.writeHead(200, { etag, "content-length": 7 }).end("a model"));
    return true;
  };
  t.after(() => (web.trouble = undefined));
  const source = openSource(`${web.url}/digits.onnx`, { model: "digits", cache, allow: [web.url], poll: false });
  t.after(() => source.close!());
  await source.refresh!();
  const [version] = await source.versions("digits");
  const fetched = version!.fetch!();
  await asked.promise;
  const locks = readdirSync(cache, { recursive: true }).map((name) => join(cache, String(name)));
  const lock = locks.find((name) => name.includes("incoming") && name.endsWith(".lock"))!;
  const holder = takeOver(lock);
  release.resolve();
  await sleep(500);
  assert.equal(readFileSync(join(lock, "owner"), "utf8"), holder);
  assert.equal(existsSync(version!.directory), false);
  rmSync(lock, { recursive: true });
  await fetched;
  assert.equal(readFileSync(join(version!.directory, "model.onnx"), "utf8"), "a model");
  assert.equal(existsSync(lock), false);
});

test("a download that was stopped and goes on writes nothing into its successor's", { timeout: 60_000 }, async (t) => {
  const cache = temporaryFolder(t);
  const whole = Buffer.alloc(20_000, "model ");
  const etag = `"${createHash("sha1").update(whole).digest("hex")}"`;
  web.files.set("/long.onnx", whole);
  const answers: { range: string | undefined; goOn: () => void }[] = [];
  web.trouble = ({ method, headers }, response) => {
    if (method === "HEAD") return false;
    const from = Number(/\d+/.exec(headers.range ?? "0")![0]);
    const range = { "content-range": `bytes ${from}-19999/20000` };
    response.writeHead(from > 0 ? 206 : 200, { etag, "content-length": 20_000 - from, ...(from > 0 && range) });
    response.write(whole.subarray(from, 10_000));
    answers.push({ range: headers.range, goOn: () => response.end(whole.subarray(10_000)) });
    response.flushHeaders();
    return true;
  };
  t.after(() => (web.trouble = undefined));
  const open = async () => {
    const source = openSource(`${web.url}/long.onnx`, { model: "long", cache, allow: [web.url], poll: false });
    t.after(() => source.close!());
    await source.refresh!();
    return (await source.versions("long"))[0]!;
  };
  const parts = () => readdirSync(cache, { recursive: true }).filter((name) => String(name).endsWith(".part"));
  const sizes = () => parts().map((name) => statSync(join(cache, String(name))).size);
  const [stopped, successor] = [await open(), await open()];
  const first = stopped.fetch!();
  while (sizes()[0] !== 10_000) await sleep(5);
  const lock = readdirSync(cache, { recursive: true }).find((name) => /incoming.*\.lock$/.test(String(name)))!;
  rmSync(join(cache, String(lock)), { recursive: true });
  const second = successor.fetch!();
  while (answers.length < 2) await sleep(5);
  assert.equal(answers[1]!.range, "bytes=10000-");
  answers[0]!.goOn();
  await sleep(200);
  assert.deepEqual(sizes(), [10_000], "what the successor has is as it was");
  answers[1]!.goOn();
  await Promise.all([first, second]);
  assert.ok(readFileSync(join(successor.directory, "model.onnx")).equals(whole));
  assert.deepEqual([answers.length, parts()], [2, []]);
});

test(
  "a change of an alias that was stopped does not undo what another process wrote meanwhile",
  { timeout: 60_000 },
  async (t) => {
    const file = join(temporaryFolder(t), "aliases.json");
    const store = new DiskAliasStore(file);
    let changes = 0;
    const changed = store.update("digits", "default", () => {
      // The first time it is stopped here.
      if (++changes === 1) {
        takeOver(`${file}.lock`);
        writeFileSync(file, JSON.stringify({ other: { default: { version: "7", history: [] } } }));
        setTimeout(() => rmSync(`${file}.lock`, { recursive: true }), 300);
      }
      return { version: "2", history: [] };
    });
    assert.deepEqual(await changed, { version: "2", history: [] });
    assert.equal(changes, 2);
    const table = await new DiskAliasStore(file).read();
    assert.deepEqual(Object.keys(table).sort(), ["digits", "other"]);
  },
);
