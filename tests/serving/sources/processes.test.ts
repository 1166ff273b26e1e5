import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openSource, readManifest, verifyManifest } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startGitServer } from "./git-server.ts";
import { tarOf } from "./tar-writer.ts";
import { startWeb } from "./web-server.ts";

const web = await startWeb({ after });
const git = await startGitServer({ after });
afterEach(() => (web.trouble = undefined));
const script = join(import.meta.dirname, "pull-here.ts");

function pull(source: string, directory: string, cache: string): ChildProcess {
  const args = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", script, source, directory, cache];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

async function ended(child: ChildProcess): Promise<string> {
  let out = "";
  child.stdout!.on("data", (chunk) => (out += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0);
  return out.trim();
}

const bytes = Buffer.from(Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 13) % 255));

describe("processes that share a cache", () => {
  it("that are killed at any moment leave nothing half there, and the next one goes on", async (t) => {
    const archive = tarOf([
      { name: "model.onnx", content: bytes },
      { name: "labels.txt", content: "a" },
    ]);
    const source = `${web.url}/killed.tar`;
    const [cache, directory] = [temporaryFolder(t), temporaryFolder(t)];
    web.trouble = slowly(archive);
    for (let fetched = 0, kills = 0; kills < 5; kills++) {
      const child = pull(source, directory, cache);
      for (let now = fetched; now <= fetched; now = partSize(cache)) await sleep(20);
      fetched = partSize(cache);
      child.kill("SIGKILL");
      await once(child, "close");
      for (const place of [join(directory, "digits"), ...versionFolders(cache)]) await assertWhole(place);
    }
    assert.equal(await ended(pull(source, directory, cache)), '["1"]');
    assert.deepEqual(readFileSync(join(directory, "digits/1/model.onnx")), bytes);
  });

  it("fetch a version once between them, and all have it whole", async (t) => {
    const work = git.repository("shared/models.git");
    work.commit({ "1/model.onnx": bytes, "2/model.onnx": "two" });
    const cache = temporaryFolder(t);
    const folders = [1, 2, 3].map(() => temporaryFolder(t));
    const source = `git+${git.url}/shared/models.git@main`;
    const told = await Promise.all(folders.map((folder) => ended(pull(source, folder, cache))));
    assert.deepEqual(told, ['["1","2"]', '["1","2"]', '["1","2"]']);
    for (const folder of folders) assert.deepEqual(readFileSync(join(folder, "digits/1/model.onnx")), bytes);
  });

  it("agree on the numbers of contents that have none", async (t) => {
    const cache = temporaryFolder(t);
    web.files.set("/agreed.onnx", Buffer.from("first"));
    const open = () => openSource(`${web.url}/agreed.onnx`, { model: "digits", cache, allow: [web.url], poll: false });
    const [one, other] = [open(), open()];
    t.after(() => Promise.all([one.close!(), other.close!()]));
    for (const content of ["first", "second", "third"]) {
      web.files.set("/agreed.onnx", Buffer.from(content));
      await Promise.all([one.refresh!(), other.refresh!()]);
      const [mine, theirs] = await Promise.all([one.versions("digits"), other.versions("digits")]);
      assert.deepEqual(
        mine.map(({ directory }) => directory),
        theirs.map(({ directory }) => directory),
      );
      await Promise.all([...mine, ...theirs].map((version) => version.fetch!()));
    }
    const versions = await one.versions("digits");
    assert.deepEqual(versions.map(({ version }) => version).sort(), ["1", "2", "3"]);
  });
});

/** Answers with a content over a slow line, from the byte that is wanted. */
function slowly(whole: Buffer): NonNullable<typeof web.trouble> {
  return ({ method, headers }, response) => {
    const start = Number(/\d+/.exec(headers.range ?? "")?.[0] ?? 0);
    const range = { "content-range": `bytes ${start}-${whole.byteLength - 1}/${whole.byteLength}` };
    response.writeHead(start > 0 ? 206 : 200, {
      etag: '"one"',
      "content-length": whole.byteLength - start,
      ...(start > 0 ? range : {}),
    });
    if (method === "HEAD") return Boolean(response.end());
    let at = start;
    const timer = setInterval(() => {
      if (at >= whole.byteLength) return void response.end();
      response.write(whole.subarray(at, at + 50_000));
      at += 50_000;
    }, 40);
    response.on("close", () => clearInterval(timer));
    return true;
  };
}

/** Bytes of the transfers that are not whole yet. */
function partSize(cache: string): number {
  const entries = existsSync(cache) ? readdirSync(cache, { recursive: true, withFileTypes: true }) : [];
  const parts = entries.filter(({ name }) => name.endsWith(".part"));
  return parts.reduce((sum, part) => sum + (statSync(join(part.parentPath, part.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function versionFolders(cache: string): string[] {
  return readdirSync(cache).map((name) => join(cache, name, "versions/digits"));
}

/** Every version in a folder has its manifest and fits it. */
async function assertWhole(folder: string): Promise<void> {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => /^\d/.test(name));
  } catch {
    return;
  }
  for (const name of names) {
    const manifest = await readManifest(join(folder, name));
    assert.ok(manifest, `${name} has no manifest`);
    await verifyManifest(join(folder, name), manifest);
  }
}
