import { defineApp } from "#kernel";
import { Session } from "./session-model.ts";

/** The table of sessions in the database. */
export const sessionsApp = defineApp({ name: "sessions", models: { Session }, directory: import.meta.dirname });
