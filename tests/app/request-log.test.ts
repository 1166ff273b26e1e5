import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const program = `
import { defineProject, openProject, path } from "cortado";
const project = await openProject(defineProject({
  apps: [], urls: [path("coffee/", () => "hot")], database: "sqlite::memory:", mode: "production",
  secretKey: "a key that is long enough for production",
}));
const server = await project.server();
for (let i = 0; i < 300; i++) await server.inject("/coffee/?page=" + i + "&pad=" + "x".repeat(400));
process.exit(0);
`;

test("in production every request is a line of JSON, in order, the last ones written as the process ends", () => {
  const child = spawnSync(process.execPath, [...process.execArgv, "--input-type=module", "--eval", program], {
    cwd: new URL("../..", import.meta.url),
    encoding: "utf8",
  });
  assert.equal(child.status, 0, child.stderr);
  const lines = child.stdout.trim().split("\n");
  const pages = lines.map((line) => {
    const { method, url, status } = JSON.parse(line) as { method: string; url: string; status: number };
    assert.deepEqual([method, status], ["GET", 200]);
    return new URL(url, "http://localhost").searchParams.get("page");
  });
  assert.deepEqual(
    pages,
    Array.from({ length: 300 }, (_, i) => String(i)),
  );
});
