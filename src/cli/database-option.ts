import type { OptionConfig } from "./command.ts";

/** `--database ALIAS`, for every command that works on one of the project's databases. */
export const databaseOption: Readonly<Record<"database", OptionConfig>> = {
  database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
};
