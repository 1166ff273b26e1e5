// A server that begins a long run and tells its number once there is a checkpoint to go on from; a test then kills it.
import { openProject } from "cortado";
import { migrateProject } from "cortado/orm/migrations";
import { runEvents, startRun } from "cortado/registry";
import project from "../api/project.ts";

const settings = JSON.parse(process.argv[2]!) as { database: string; storage: string };
const open = await openProject({ ...project, ...settings });
await migrateProject(open.settings.apps, open.services.databases["default"]!);
const run = await startRun(open.services, "counter", { steps: 1000 });
let steps = 0;
for await (const { kind } of runEvents(run.id)) if (kind === "progress" && ++steps === 2) process.send!(run.id);
