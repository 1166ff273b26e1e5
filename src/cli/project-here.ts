import { findConfig, loadProject, type OpenProject, openProject, openTables, type OpenTables, type Project } from "#app";
import { cliErrors } from "./errors.ts";

/** The configuration file of the project of a folder. `instead` are options that do without one. @throws CLI_NO_PROJECT */
export function configHere(directory: string, instead?: string): string {
  const file = findConfig(directory);
  if (!file) throw cliErrors.CLI_NO_PROJECT({ directory, instead });
  return file;
}

/** The project of a folder. @throws CLI_NO_PROJECT, CLI_BAD_CONFIG */
export async function projectHere(directory: string): Promise<Project> {
  const file = configHere(directory);
  const project = await loadProject(file);
  if (!project) throw cliErrors.CLI_BAD_CONFIG({ file, problem: "does not export a project as its default" });
  return project;
}

async function closing<Open extends { close(): Promise<void> }, T>(open: Open, run: (open: Open) => Promise<T>): Promise<T> {
  try {
    return await run(open);
  } finally {
    await open.close();
  }
}

/** Opens the project of a folder whole, runs, and closes it whatever happens. */
export async function withProject<T>(directory: string, run: (open: OpenProject) => Promise<T>): Promise<T> {
  return closing(await openProject(await projectHere(directory)), run);
}

/** Opens only the models and the database of the project of a folder. */
export async function withTables<T>(directory: string, run: (open: OpenTables) => Promise<T>): Promise<T> {
  return closing(await openTables(await projectHere(directory)), run);
}
