import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import { temporaryFolder } from "../models.ts";

const place = temporaryFolder();

/** Runs a command with a small disk at `place`, which only it sees, and which is its place for temporary files. */
function withSmallDisk(command: readonly string[], size = "1m") {
  const mount = `mount -t tmpfs -o size=${size} tmpfs ${place} && exec "$@"`;
  return spawnSync("unshare", ["-rm", "sh", "-c", mount, "sh", ...command], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, TMPDIR: place },
  });
}

const isPossible = withSmallDisk(["true"]).status === 0;

it(
  "a full disk moves no alias, fails no prediction, and is over when there is room again",
  {
    skip: isPossible ? false : "this system lets a test mount no disk of its own",
  },
  (t) => {
    const child = join(import.meta.dirname, "disk-child.ts");
    const { stdout, stderr } = withSmallDisk([process.execPath, "--conditions=cortado-source", child, place]);
    assert.match(stdout, /^\{/, stderr);
    const told = JSON.parse(stdout);
    assert.deepEqual([told.before.status, told.before.version], [200, "1"]);
    assert.deepEqual(told.refused, {
      status: 503,
      code: "SERVING_ALIAS_NOT_KEPT",
      message: 'What the alias "default" of the model "times" is to name could not be kept: ENOSPC.',
    });
    assert.deepEqual([told.during.status, told.during.version], [200, "1"]);
    assert.equal(told.newVersion, "ENOSPC");
    assert.deepEqual(
      told.listed.map((state: string) => state.split(" ")[0]),
      ["2", "1"],
      "a half-written version is not there",
    );
    assert.deepEqual([told.after.status, told.after.version], [200, "2"]);
    assert.equal(told.last.version, "2");
    t.diagnostic(
      `full: an alias ${told.refused.status}, a prediction ${told.during.status}, a new version ${told.newVersion}; with room again: ${told.after.status}`,
    );
  },
);

it(
  "a full disk refuses an upload with a word that says why, and takes the next one when there is room",
  {
    skip: isPossible ? false : "this system lets a test mount no disk of its own",
  },
  (t) => {
    const child = join(import.meta.dirname, "upload-child.ts");
    const command = [process.execPath, "--conditions=cortado-source", child, place, String(7 * 2 ** 20)];
    const { stdout, stderr } = withSmallDisk(command, "8m");
    const line = stdout.split("\n").at(-1)!;
    assert.match(line, /^\{/, stdout + stderr);
    const told = JSON.parse(line);
    assert.deepEqual(told.refused, {
      status: 507,
      error: {
        code: "REGISTRY_NO_SPACE",
        message: "There is no room left to keep the artifact for digits.",
        hint: "Remove versions that nobody needs, or make the storage larger, and send it again.",
      },
    });
    assert.equal(told.during, 200);
    assert.deepEqual(told.listed, ["1"]);
    assert.deepEqual([told.after.status, told.after.version !== "1"], [201, true]);
    t.diagnostic(
      `full: an upload ${told.refused.status}, a prediction ${told.during}; with room again: an upload ${told.after.status}`,
    );
  },
);
