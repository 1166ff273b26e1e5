import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelRepository, VersionSource } from "#serving";

/** A version's files, by their places in its folder. */
export type VersionFiles = Readonly<Record<string, string | Uint8Array>>;

/** A repository that is tried, and how what it shows is put there. */
export interface RepositoryTrial {
  repository: ModelRepository;
  /** Puts a version where the repository finds it, as its users do. Files of a version that is there are replaced. */
  publish(model: string, version: string, files: VersionFiles): Promise<void> | void;
  /** Takes a version away; absent where that cannot be. */
  remove?(model: string, version: string): Promise<void> | void;
  /** The only model that the repository can have. Absent where it has as many as are published. */
  only?: string;
  /** True where each new content gets the next number, whatever it is published as. */
  numbered?: boolean;
}

/** Opens an empty repository; close what you opened with `t.after`. */
export type OpenRepository = (t: TestContext) => RepositoryTrial | Promise<RepositoryTrial>;

type Trial = (tried: Tried) => Promise<void>;

/** The most milliseconds after which something that was published must have been found. */
const PATIENCE = 10_000;
const hostile = ["", ".", "..", "../digits", "a/b", "a\\b", "__proto__", "constructor", "digits\0", "%2e%2e", "x".repeat(500)];

const trials: Readonly<Record<string, Trial>> = {
  "one with nothing in it has no models": async ({ repository }) => {
    await repository.refresh?.();
    assert.deepEqual(await repository.versions("digits"), []);
  },
  "a version that was published is found, and brings its files byte for byte": async (tried) => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
    await tried.publish("1", { "model.onnx": bytes, "labels.txt": "a\nb\n" });
    const version = await tried.find("1");
    assert.ok((await tried.repository.list()).includes(tried.model));
    await version.fetch?.();
    assert.deepEqual(new Uint8Array(await readFile(join(version.directory, "model.onnx"))), bytes);
    assert.equal(await readFile(join(version.directory, "labels.txt"), "utf8"), "a\nb\n");
  },
  "looks that find the same say the same": async (tried) => {
    await tried.publish("1", { "model.onnx": "same" });
    const first = await tried.find("1");
    await tried.repository.refresh?.();
    const second = await tried.find("1");
    assert.deepEqual([second.fingerprint, second.directory], [first.fingerprint, first.directory]);
  },
  "versions stand side by side, each with its own files": async (tried) => {
    await tried.publish("1", { "model.onnx": "one" });
    assert.equal(await tried.content("1"), "one");
    await tried.publish("2", { "model.onnx": "two" });
    assert.deepEqual([await tried.content("2"), await tried.content("1")], ["two", "one"]);
  },
  "numbers are versions, in any order and with gaps; other names are not": async (tried) => {
    if (tried.numbered) return;
    for (const name of ["10", "2", "latest", "03", "-1", "1.5"]) await tried.publish(name, { "model.onnx": name });
    await tried.find("10");
    await tried.find("2");
    const versions = await tried.repository.versions(tried.model);
    assert.deepEqual(versions.map(({ version }) => version).sort(), ["10", "2"]);
  },
  "files that changed are another content": async (tried) => {
    await tried.publish("1", { "model.onnx": "before" });
    const before = await tried.find("1");
    await before.fetch?.();
    await tried.publish(tried.numbered ? "2" : "1", { "model.onnx": "afterwards" });
    const name = tried.numbered ? "2" : "1";
    const after = await tried.find(name, ({ fingerprint }) => fingerprint !== before.fingerprint);
    await after.fetch?.();
    assert.equal(await readFile(join(after.directory, "model.onnx"), "utf8"), "afterwards");
  },
  "a version that was taken away is not found any more": async (tried) => {
    if (!tried.canRemove) return;
    await tried.publish("1", { "model.onnx": "one" });
    await tried.publish("2", { "model.onnx": "two" });
    await tried.find("1");
    await tried.find("2");
    await tried.remove("2");
    await tried.until(async (versions) => versions.every(({ version }) => version !== "2"), "version 2 is still there");
    assert.equal(await tried.content("1"), "one");
  },
  "models stand side by side, and a model that is not there has no versions": async (tried) => {
    await tried.publish("1", { "model.onnx": "one" });
    await tried.find("1");
    if (!tried.isOnly) {
      await tried.publish("1", { "model.onnx": "other" }, "other-1.b");
      await tried.until(async () => (await tried.repository.versions("other-1.b")).length === 1, "the other model is not found");
    }
    for (const name of hostile) assert.deepEqual(await tried.repository.versions(name), [], JSON.stringify(name));
    assert.deepEqual(
      (await tried.repository.list()).filter((name) => hostile.includes(name)),
      [],
    );
  },
  "many may look and fetch at once": async (tried) => {
    await tried.publish("1", { "model.onnx": "one", "weights.bin": new Uint8Array(300_000) });
    const version = await tried.find("1");
    await Promise.all(Array.from({ length: 8 }, () => version.fetch?.()));
    const looks = await Promise.all(Array.from({ length: 8 }, () => tried.repository.versions(tried.model)));
    for (const look of looks) assert.equal(look.length, 1);
    assert.equal((await readFile(join(version.directory, "weights.bin"))).byteLength, 300_000);
  },
  "a version that was fetched stays whole while another one comes": async (tried) => {
    await tried.publish("1", { "model.onnx": "one" });
    const first = await tried.find("1");
    await first.fetch?.();
    await tried.publish("2", { "model.onnx": "two" });
    await (await tried.find("2")).fetch?.();
    assert.equal(await readFile(join(first.directory, "model.onnx"), "utf8"), "one");
  },
  "it is closed once and again": async ({ repository }) => {
    await repository.close?.();
    await repository.close?.();
  },
};

/** A repository on trial, with what every trial needs of it. */
class Tried {
  readonly repository: ModelRepository;
  readonly model: string;
  readonly isOnly: boolean;
  readonly numbered: boolean;
  readonly canRemove: boolean;
  readonly #trial: RepositoryTrial;

  constructor(trial: RepositoryTrial) {
    this.#trial = trial;
    this.repository = trial.repository;
    this.model = trial.only ?? "digits";
    this.isOnly = trial.only !== undefined;
    this.numbered = trial.numbered ?? false;
    this.canRemove = trial.remove !== undefined;
  }

  async publish(version: string, files: VersionFiles, model = this.model): Promise<void> {
    await this.#trial.publish(model, version, files);
  }

  async remove(version: string): Promise<void> {
    await this.#trial.remove?.(this.model, version);
  }

  /** Waits for something about the model's versions. */
  async until(holds: (versions: VersionSource[]) => Promise<boolean> | boolean, what: string): Promise<void> {
    for (const end = Date.now() + PATIENCE; ; await sleep(50)) {
      await this.repository.refresh?.();
      if (await holds(await this.repository.versions(this.model))) return;
      assert.ok(Date.now() < end, `${what}${this.repository.problem?.() ? `: ${this.repository.problem()}` : ""}`);
    }
  }

  /** Waits until a version is there. */
  async find(name: string, isIt: (version: VersionSource) => boolean = () => true): Promise<VersionSource> {
    let found: VersionSource | undefined;
    const look = (versions: VersionSource[]) => {
      found = versions.find((each) => each.version === name && isIt(each));
      return found !== undefined;
    };
    await this.until(look, `version ${name} is not found`);
    return found!;
  }

  /** What a version's `model.onnx` holds. */
  async content(name: string): Promise<string> {
    const version = await this.find(name);
    await version.fetch?.();
    return readFile(join(version.directory, "model.onnx"), "utf8");
  }
}

/**
 * Tries a model repository against everything that a model server needs of it: for the tests of its author.
 *
 * ```ts
 * repositoryConformance("a folder of models", () => ({
 *   repository: new DiskRepository("share"),
 *   publish: (model, version, files) => writeVersion(`share/${model}/${version}`, files),
 * }));
 * ```
 */
export function repositoryConformance(name: string, open: OpenRepository): void {
  void describe(name, () => {
    for (const [title, trial] of Object.entries(trials)) void test(title, async (t) => trial(new Tried(await open(t))));
  });
}
