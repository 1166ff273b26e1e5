export {
  defineProject,
  type DatabaseDeclaration,
  migrateTables,
  type OpenProject,
  openProject,
  openTables,
  type OpenTables,
  type Project,
  type ProjectOptions,
  superviseServer,
} from "#app";
export {
  file,
  html,
  HttpError,
  type HttpRequest,
  HttpResponse,
  include,
  json,
  path,
  type Register,
  rePath,
  reverse,
  type View,
} from "#http";
export { type App, CortadoError, defineApp, env, type ProjectSettings, type Receiver, type Services, Signal } from "#kernel";
export { template } from "#templates";
export { notFound, redirect, render } from "#views";
