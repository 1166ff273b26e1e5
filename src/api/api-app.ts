import { join } from "node:path";
import { defineApp } from "#kernel";

const here = import.meta.dirname;

/** The page of the manual, with what it needs. */
export const apiApp = defineApp({
  name: "cortadoApi",
  templates: join(here, "templates"),
  staticFiles: join(here, "assets"),
});
