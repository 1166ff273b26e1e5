import { findConfig, loadProject, openProject, type OpenProject, type Project } from "#app";
import { cliErrors } from "./errors.ts";

/** The project of a folder. @throws CLI_NO_PROJECT, CLI_BAD_CONFIG */
export async function projectHere(directory: string): Promise<Project> {
  const file = findConfig(directory);
  if (!file) throw cliErrors.CLI_NO_PROJECT({ directory });
  const project = await loadProject(file);
  if (!project) throw cliErrors.CLI_BAD_CONFIG({ file, problem: "does not export a project as its default" });
  return project;
}

/** Opens the project of a folder, runs, and closes it whatever happens. */
export async function withProject<T>(directory: string, run: (open: OpenProject) => Promise<T>): Promise<T> {
  const open = await openProject(await projectHere(directory));
  try {
    return await run(open);
  } finally {
    await open.close();
  }
}
