/** Migrates the app `shop` in a process of its own: `node migrate-process.ts URL DIRECTORY`. */
import { defineApp } from "#kernel";
import { openDatabase } from "cortado/orm";
import { migrateProject } from "cortado/orm/migrations";

const [url, directory] = process.argv.slice(2) as [string, string];
const db = await openDatabase(url);
await migrateProject([defineApp({ name: "shop", directory })], db);
await db.close();
