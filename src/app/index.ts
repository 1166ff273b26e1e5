export { checkProject } from "./check-project.ts";
export { defineProject, type Project, type ProjectOptions } from "./define-project.ts";
export { appErrors } from "./errors.ts";
export { findConfig, loadProject } from "./load-project.ts";
export { migrateTables } from "./migrate-tables.ts";
export { type DatabaseDeclaration, declaredDatabases } from "./open-databases.ts";
export { type OpenProject, openProject, openTables, type OpenTables, projectUrls, registerProject } from "./open-project.ts";
export { startApp, type StartedApp } from "./start-app.ts";
export { superviseServer } from "./supervise-server.ts";
