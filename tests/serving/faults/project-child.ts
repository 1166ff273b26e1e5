/** A web process of a project, without its addresses: node project-child.ts SETTINGS ACT [FILE] */
import { createReadStream } from "node:fs";
import { defineProject, openProject } from "cortado";
import { auth } from "cortado/auth";
import { migrateProject } from "cortado/orm/migrations";
import { registry, uploadVersion } from "cortado/registry";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";

const [settings, act, file] = process.argv.slice(2) as [string, string, string];
const project = defineProject({
  ...(JSON.parse(settings) as { database: string; storage: string }),
  apps: [auth({ user: User }), registry(), accounts],
  secretKey: "a secret of the tests, long enough for any mode",
});
const open = await openProject(project);
const { services } = open;
const { models } = services;
const tell = (line: string) => process.stdout.write(`${line}\n`);

if (act === "migrate") {
  await migrateProject(open.settings.apps, services.databases["default"]!);
  await open.close();
  tell("migrated");
}

// Uploads and promotes again and again, and says which version it is each time.
if (act === "upload") {
  for (let i = 0; ; i++) {
    const files = ["model.onnx", "labels.txt"].map((name) => ({ name, stream: () => createReadStream(file) }));
    const { version } = await uploadVersion(services, { model: "times", files });
    tell(`uploaded ${version}`);
    await models.setAlias("times", "default", { version: String(version) });
    tell(`promoted ${version}`);
  }
}

// Moves the alias again and again between versions 1 and 2.
if (act === "promote") {
  for (let i = 0; ; i++) {
    const { version } = await models.setAlias("times", "default", { version: String((i % 2) + 1) });
    tell(`${Date.now()} ${version}`);
  }
}

// Says which version answers, whenever that changes.
if (act === "follow") {
  let last = "";
  for (;;) {
    const { version } = await models.predict("times", [{ x: [1, 1] }]);
    if (version !== last) tell(`${Date.now()} ${version}`);
    last = version;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Moves the alias when it is told to, and says when it has.
if (act === "move") {
  tell("ready");
  process.stdin.on("data", (chunk: Buffer) => {
    void models
      .setAlias("times", "default", { version: chunk.toString().trim() })
      .then(({ version }) => tell(`${Date.now()} ${version}`));
  });
}
