import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
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
    web.files.set(
      "/killed.tar",
      tarOf([
        { name: "model.onnx", content: bytes },
        { name: "labels.txt", content: "a" },
      ]),
    );
    const source = `${web.url}/killed.tar`;
    const cache = temporaryFolder(t);
    const directory = temporaryFolder(t);
    // A slow line: the transfer takes about a second, and is ended somewhere in it.
    web.trouble = (request, response) => {
      const { method, headers } = request;
      if (method !== "GET") return false;
      const whole = web.files.get("/killed.tar")!;
      const start = Number(/\d+/.exec(headers.range ?? "")?.[0] ?? 0);
      const range = { "content-range": `bytes ${start}-${whole.byteLength - 1}/${whole.byteLength}` };
      response.writeHead(start > 0 ? 206 : 200, {
        etag: '"one"',
        "content-length": whole.byteLength - start,
        ...(start > 0 ? range : {}),
      });
      let at = start;
      const timer = setInterval(() => {
        if (at >= whole.byteLength) return void response.end();
        response.write(whole.subarray(at, at + 100_000));
        at += 100_000;
      }, 40);
      response.on("close", () => clearInterval(timer));
      return true;
    };
    web.files.set("/killed.tar", web.files.get("/killed.tar")!);
    const head = web.trouble;
    web.trouble = (request, response) => {
      if (request.method === "HEAD") {
        response.writeHead(200, { etag: '"one"', "content-length": web.files.get("/killed.tar")!.byteLength }).end();
        return true;
      }
      return head(request, response);
    };
    for (const pause of [300, 450, 600, 750, 900]) {
      const child = pull(source, directory, cache);
      await sleep(pause);
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

function versionFolders(cache: string): string[] {
  return readdirSync(cache).flatMap((name) => {
    const versions = join(cache, name, "versions/digits");
    return [versions];
  });
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
