import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defineProject, openProject } from "cortado";
import { auth } from "cortado/auth";
import { migrateProject } from "cortado/orm/migrations";
import { ModelVersion, registry } from "cortado/registry";
import { pullModels } from "cortado/serving";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { temporaryFolder } from "../models.ts";
import { publish } from "../versions/served.ts";

test("what a killed process left of its versions is brought to an end when a project opens, and what is still made is not", async () => {
  const folder = temporaryFolder();
  const project = defineProject({
    apps: [auth({ user: User }), registry(), accounts],
    secretKey: "a secret of the tests, long enough for any mode",
    database: `sqlite:${join(folder, "db.sqlite3")}`,
    storage: `file:${join(folder, "storage")}`,
  });
  const uploads = join(folder, "storage/uploads");
  const longAgo = new Date(Date.now() - 24 * 60 * 60_000);
  const first = await openProject(project);
  try {
    await migrateProject(first.settings.apps, first.services.databases["default"]!);
    await publish(join(folder, "storage/models"), "1");
    for (const version of [1, 2, 3]) await ModelVersion.objects.create({ model: "times", version });
    await ModelVersion.objects.filter({ version: { lt: 3 } }).update({ created: longAgo });
    for (const name of ["upload-old", "upload-new"]) mkdirSync(join(uploads, name), { recursive: true });
    utimesSync(join(uploads, "upload-old"), longAgo, longAgo);
  } finally {
    await first.close();
  }
  const second = await openProject(project);
  try {
    const rows = [...(await ModelVersion.objects.all().orderBy("version"))];
    assert.deepEqual(
      rows.map(({ state }) => state),
      ["ready", "failed", "pending"],
    );
    assert.equal(rows[1]!.error!.message, "The artifact for times is refused: the server ended while it came.");
    assert.deepEqual([existsSync(join(uploads, "upload-old")), existsSync(join(uploads, "upload-new"))], [false, true]);
  } finally {
    await second.close();
  }
});

test("what a killed pull left is removed by a later one, and what another still copies is not", async () => {
  const [source, folder] = [temporaryFolder(), temporaryFolder()];
  await publish(source, "1");
  for (const name of [".pull-old", ".pull-new"]) mkdirSync(join(folder, "times", name), { recursive: true });
  const longAgo = new Date(Date.now() - 24 * 60 * 60_000);
  utimesSync(join(folder, "times/.pull-old"), longAgo, longAgo);
  await pullModels(`file:${source}`, folder);
  assert.deepEqual(readdirSync(join(folder, "times")).sort(), [".pull-new", "1"]);
});
