import { checkProject, keepModelTypes, keepTemplateTypes, openProject, type Project } from "#app";
import { cliErrors } from "./errors.ts";
import { printChecks } from "./print-checks.ts";
import { printError } from "./print-error.ts";
import { stop, stopDefaults, type StopSettings } from "./stopping.ts";
import { stopSignal, untilStopped } from "./until-stopped.ts";

/** Checks and opens a project, serves it until a signal comes, and closes it. */
export async function listenHere(
  project: Project,
  { stopping = stopDefaults, ...address }: { host: string; port: number; stopping?: StopSettings },
): Promise<number> {
  const stopped = stopSignal();
  const open = await openProject(project);
  try {
    if (stopped.aborted) return 0;
    const found = await checkProject(open);
    printChecks(found);
    const errors = found.filter((message) => message.level === "error").length;
    if (errors > 0) throw cliErrors.CLI_CHECKS_FAILED({ errors, done: "started" });
    const url = await open.listen(address);
    console.log(`Serving at ${url}  (${project.mode}; Ctrl-C stops it)`);
    // The first page need not wait for it.
    if (project.mode === "development") for (const keep of [keepTemplateTypes, keepModelTypes]) void keep(open).catch(printError);
    if (open.grpcAddress) console.log(`gRPC at ${open.grpcAddress}`);
    await untilStopped(stopped);
    const { models } = open.services;
    await stop({ drain: () => models.drain(), close: () => open.close(), unfinished: () => models.unfinished() }, stopping);
    return 0;
  } finally {
    await open.close();
  }
}
