// Migrates the app `shop` until it is killed: node --conditions=cortado-source migrating-process.ts DATABASE_URL DIRECTORY
import { writeSync } from "node:fs";
import { defineApp } from "cortado";
import { openDatabase, useDatabases } from "cortado/orm";
import { migrateProject } from "cortado/orm/migrations";

const [url = "", directory = ""] = process.argv.slice(2);
const db = await openDatabase(url);
useDatabases({ default: db });
writeSync(1, "ready\n");
await migrateProject([defineApp({ name: "shop", directory })], db, {
  report: ({ state, name }) => void (state === "finished" && writeSync(1, `${name}\n`)),
});
await db.close();
