import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { type ModelRepository, type OpenSourceOptions, readManifest } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusal } from "../refused.ts";
import { startGitServer } from "./git-server.ts";
import { openedSource } from "./opened-source.ts";

const server = await startGitServer({ after });
let count = 0;

function fresh(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const path = `git-${++count}/models.git`;
  const work = server.repository(path);
  const commit = work.commit({ "README.md": "models", ...files });
  return { ...work, path, first: commit, source: `git+${server.url}/${path}` };
}

const opened = (t: TestContext, source: string, options: OpenSourceOptions = {}) =>
  openedSource(t, source, { allow: [`git+${server.url}`], ...options });

async function fetched(repository: ModelRepository, wanted?: string): Promise<string> {
  const versions = await repository.versions("digits");
  const version = versions.find((each) => wanted === undefined || each.version === wanted);
  assert.ok(version, repository.problem?.() ?? "it is not there");
  await version.fetch!();
  return version.directory;
}

const model = (folder: string) => readFileSync(join(folder, "model.onnx"), "utf8");

describe("models in git", () => {
  it("come from a branch, a tag, a commit, or what the repository shows first", async (t) => {
    const work = fresh({ "model.onnx": "first" });
    work.git("tag", "-a", "v1", "-m", "v1");
    work.git("tag", "light");
    const second = work.commit({ "model.onnx": "second" });
    work.git("branch", "release/1.0", "v1");
    const found = async (ref: string) => model(await fetched(opened(t, work.source + ref)));
    assert.deepEqual(
      [await found(""), await found("@main"), await found("@v1"), await found("@light"), await found("@release/1.0")],
      ["second", "second", "first", "first", "first"],
    );
    assert.deepEqual([await found(`@${work.first}`), await found(`@${second}`)], ["first", "second"]);
    const missing = opened(t, `${work.source}@nowhere`);
    assert.deepEqual(await missing.versions("digits"), []);
    assert.equal(missing.problem!(), 'The repository has no branch and no tag "nowhere".');
  });

  it("are pinned to the commit, which the manifest tells, and numbered where they have no numbers", async (t) => {
    const work = fresh({ "digits/model.onnx": "first" });
    const cache = temporaryFolder(t);
    const repository = opened(t, `${work.source}#digits`, { cache });
    const first = await fetched(repository, "1");
    assert.equal((await readManifest(first))!.revision, work.first);
    const second = work.commit({ "digits/model.onnx": "second" });
    work.commit({ "elsewhere.txt": "this changes nothing of the folder" });
    await repository.refresh!();
    const versions = await repository.versions("digits");
    assert.deepEqual(versions.map(({ version }) => version).sort(), ["1", "2"]);
    const folder = await fetched(repository, "2");
    assert.deepEqual([model(folder), model(first)], ["second", "first"]);
    assert.notEqual((await readManifest(folder))!.revision, work.first);
    assert.notEqual(second, work.first);
    // Another process begins with what this one knew, and a content that comes back is a new version.
    work.commit({ "digits/model.onnx": "first" });
    const later = opened(t, `${work.source}#digits`, { cache });
    await later.refresh!();
    assert.equal(model(await fetched(later, "3")), "first");
    await later.refresh!();
    assert.deepEqual((await later.versions("digits")).map(({ version }) => version).sort(), ["1", "2", "3"]);
  });

  it("bring only the commit and the files that are wanted", async (t) => {
    const big = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => ((i * 7919) % 256) ^ ((i >> 8) % 251)));
    const work = fresh({ "digits/1/model.onnx": "one", "other/big.bin": big });
    work.commit({ "digits/1/model.onnx": "two" });
    const cache = temporaryFolder(t);
    assert.equal(model(await fetched(opened(t, `${work.source}#digits`, { cache }))), "two");
    const packs = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith(".pack"));
    const size = packs.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    assert.ok(size < 5_000, `${size} bytes were fetched`);
  });

  it("come from a server that sends whole commits, too", async (t) => {
    const work = fresh({ "digits/1/model.onnx": "one" });
    work.git("config", "uploadpack.allowFilter", "false");
    assert.equal(model(await fetched(opened(t, `${work.source}#digits`))), "one");
  });

  it("that are pointers of LFS, links or submodules are refused with a word that says so", async (t) => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0a".repeat(32)}\nsize 12345\n`;
    const work = fresh({ "lfs/model.onnx": pointer, "link/labels.txt": "a", "sub/labels.txt": "a" });
    symlinkSync("/etc/passwd", join(work.folder, "link/model.onnx"));
    work.commit({});
    work.git("update-index", "--add", "--cacheinfo", `160000,${work.first},sub/model`);
    work.git("commit", "-q", "-m", "a submodule");
    const bad = (message: string, hint?: RegExp) => refusal({ code: "SERVING_BAD_ARTIFACT", message, hint });
    await assert.rejects(
      fetched(opened(t, `${work.source}#lfs`)),
      bad("model.onnx is a pointer of Git LFS and not the file itself.", /^Put the file itself into the repository/),
    );
    await assert.rejects(fetched(opened(t, `${work.source}#link`)), bad("model.onnx is a link, and only files are taken."));
    await assert.rejects(fetched(opened(t, `${work.source}#sub`)), bad("model is a submodule, and only files are taken."));
  });

  it("run no hooks, filters or programs that a repository or a user's settings name", async (t) => {
    const witness = join(temporaryFolder(t), "witness");
    const home = temporaryFolder(t, {
      ".gitconfig": `[core]\n\tfsmonitor = touch ${witness}\n[filter "evil"]\n\tsmudge = touch ${witness}\n`,
    });
    const work = fresh({
      ".gitattributes": "*.onnx filter=evil",
      "model.onnx": "one",
      ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::touch',
    });
    writeFileSync(join(work.folder, ".git/hooks/post-checkout"), `#!/bin/sh\ntouch ${witness}\n`, { mode: 0o755 });
    const before = process.env["HOME"];
    process.env["HOME"] = home;
    try {
      assert.equal(model(await fetched(opened(t, work.source))), "one");
    } finally {
      process.env["HOME"] = before;
    }
    assert.equal(existsSync(witness), false);
  });

  it("are asked for with credentials that stand in no address, no message and no list of processes", async (t) => {
    const work = fresh({ "model.onnx": "private" });
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    server.authorization = `Basic ${Buffer.from("x-access-token:t0p-secret").toString("base64")}`;
    try {
      const without = opened(t, work.source, { warn });
      assert.deepEqual(await without.versions("digits"), []);
      const wrong = opened(t, work.source, { warn, credentials: { [`git+${server.url}`]: "wr0ng" } });
      assert.deepEqual(await wrong.versions("digits"), []);
      const cache = temporaryFolder(t);
      const credentials = { [`git+${server.url}`]: "wr0ng", [`git+${server.url}/${work.path}`]: "t0p-secret" };
      const right = opened(t, work.source, { warn, credentials, cache });
      assert.equal(model(await fetched(right)), "private");
      assert.equal(warnings.length, 2);
      assert.match(
        warnings[0]!,
        /^The source git\+http:.* could not be looked at: The repository did not answer git ls-remote: /,
      );
      const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const texts = kept.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).concat(warnings);
      for (const text of texts) assert.doesNotMatch(text, /t0p-secret|wr0ng|dDBwLXNlY3JldA/);
      process.env["CORTADO_SOURCE_127_0_0_1"] = "t0p-secret";
      assert.equal(model(await fetched(opened(t, work.source))), "private");
    } finally {
      server.authorization = undefined;
      delete process.env["CORTADO_SOURCE_127_0_0_1"];
    }
  });

  it("may not be bigger than a version may", async (t) => {
    const big = Buffer.from(Array.from({ length: 2_000_000 }, (_, i) => Math.floor(Math.abs(Math.sin(i)) * 256)));
    const work = fresh({ "model.onnx": big });
    await assert.rejects(
      fetched(opened(t, work.source, { maxSize: 100_000 })),
      refusal({ code: "SERVING_BAD_ARTIFACT", message: /has more than (?:the )?100000 bytes/ }),
    );
  });

  it("stay served while the server is gone, also by a process that starts then", async (t) => {
    const work = fresh({ "model.onnx": "one" });
    const cache = temporaryFolder(t);
    assert.equal(model(await fetched(opened(t, work.source, { cache }))), "one");
    server.status = 503;
    try {
      const warnings: string[] = [];
      const later = opened(t, work.source, { cache, warn: (message) => void warnings.push(message) });
      assert.equal(model(await fetched(later)), "one");
      await later.refresh!();
      assert.match(later.problem!()!, /^The repository did not answer git ls-remote: /);
      assert.match(warnings.join("\n"), /What was found before stays served\./);
      assert.equal(model(await fetched(later)), "one");
    } finally {
      server.status = undefined;
    }
  });

  it("come from GitHub, wherever an organisation has its own", async (t) => {
    const work = fresh({ "digits/model.onnx": "from GitHub" });
    process.env["GITHUB_SERVER_URL"] = server.url;
    try {
      const source = `github:${work.path.replace(".git", "")}@main#digits`;
      assert.equal(model(await fetched(opened(t, source, { allow: [`github:git-${count}`] }))), "from GitHub");
    } finally {
      delete process.env["GITHUB_SERVER_URL"];
    }
  });

  it("need git, and say how it is installed", async (t) => {
    const { source } = fresh({ "model.onnx": "one" });
    const known = opened(t, source);
    const [version] = await known.versions("digits");
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const warnings: string[] = [];
      const repository = opened(t, source, { warn: (message) => void warnings.push(message) });
      assert.deepEqual(await repository.versions("digits"), []);
      const message = "Models from git need the program git, which is not there.";
      const hint = "Install it: apt install git, brew install git, or winget install Git.Git.";
      assert.equal(repository.problem!(), message);
      assert.match(warnings[0]!, /Install it: apt install git/);
      await assert.rejects(version!.fetch!(), refusal({ code: "SERVING_NO_GIT", message, hint }));
    } finally {
      process.env["PATH"] = path;
    }
  });
});
