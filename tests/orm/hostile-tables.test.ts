import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Database, openDatabase, quoteName } from "cortado/orm";
import { describeTables, modelsSource } from "cortado/orm/introspection";

const attack = "globalThis.attacked = true";
/** Names that would be code if they were written as they are. */
const names = [
  `x"]; ${attack}; //`,
  `*/ ${attack}; /*`,
  `\`\${${attack}}\``,
  `a line\n${attack}\n`,
  `a line\r${attack}\r`,
  `a line\u2028${attack}`,
  `a line\u2029${attack}`,
  "back\\",
  "__proto__",
  "constructor",
  "class",
  "한국",
  "1st",
];
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe("tables with hostile names", () => {
  const folder = mkdtempSync(join(import.meta.dirname, ".hostile-"));
  let db: Database;
  before(async () => {
    db = await openDatabase("sqlite::memory:");
    for (const [i, name] of names.entries()) {
      const columns = names.map((column) => `${quoteName(column)} VARCHAR(20) DEFAULT ${literal(column)}`);
      const check = `CONSTRAINT ${quoteName(`${name} check`)} CHECK (${quoteName(names[0]!)} <> ${literal(names[i]!)})`;
      await db.script(
        `CREATE TABLE ${quoteName(name)} (id INTEGER PRIMARY KEY, ${columns.join(", ")}, odd ${quoteName(name)}, ${check})`,
      );
      const condition = `WHERE ${quoteName(names[i]!)} <> ${literal(name)}`;
      await db.script(`CREATE INDEX ${quoteName(`index ${name}`)} ON ${quoteName(name)} (${quoteName(names[1]!)}) ${condition}`);
    }
  });
  after(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });

  test("are written as models that can be imported, and run no code of theirs", async () => {
    const file = join(folder, "models.ts");
    writeFileSync(file, modelsSource(await describeTables(db), { dialect: "sqlite", app: "shop" }));
    const models = (await import(pathToFileURL(file).href)) as Record<string, { meta: { table: string } }>;
    assert.equal(Object.keys(models).length, names.length);
    assert.equal((globalThis as { attacked?: boolean }).attacked, undefined);
  });
});
