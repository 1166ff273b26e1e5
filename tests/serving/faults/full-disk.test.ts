import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import { temporaryFolder } from "../models.ts";

const place = temporaryFolder();

/** Runs a command with a disk of one megabyte at `place`, which only it sees. */
function withSmallDisk(command: readonly string[]) {
  const mount = `mount -t tmpfs -o size=1m tmpfs ${place} && exec "$@"`;
  return spawnSync("unshare", ["-rm", "sh", "-c", mount, "sh", ...command], { encoding: "utf8", timeout: 60_000 });
}

const isPossible = withSmallDisk(["true"]).status === 0;

it(
  "a full disk moves no alias, fails no prediction, and is over when there is room again",
  {
    skip: isPossible ? false : "this system lets a test mount no disk of its own",
  },
  () => {
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
  },
);
