import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

/** What Cortado sets on its connections, so that all subjects promise the same. */
export const pragmas =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000";

/** A file with `rows` rows in the table `bench_coffee`. */
export function coffeeFile(rows: number): string {
  const file = join(temporaryFolder(), "coffee.sqlite3");
  const db = new DatabaseSync(file);
  db.exec(
    `${pragmas}; CREATE TABLE bench_coffee (id integer PRIMARY KEY AUTOINCREMENT, name varchar(40) NOT NULL, price integer NOT NULL, is_ice bool NOT NULL, origin varchar(2))`,
  );
  const insert = db.prepare("INSERT INTO bench_coffee (name, price, is_ice, origin) VALUES (?, ?, ?, ?)");
  db.exec("BEGIN");
  for (let i = 0; i < rows; i++) insert.run(`Coffee <${i}>`, 3000 + i * 10, i % 2, i % 3 === 0 ? null : "KR");
  db.exec("COMMIT");
  db.close();
  return file;
}
