import type { Database } from "../../database/database.ts";
import type { Dialect } from "../../names.ts";
import type { SchemaEditor } from "../operations/operation.ts";
import { PostgresSchemaEditor } from "./postgres-schema-editor.ts";
import { SqliteSchemaEditor } from "./sqlite-schema-editor.ts";

const editors = { sqlite: SqliteSchemaEditor, postgres: PostgresSchemaEditor } as const;

/** An editor that changes a database. */
export function schemaEditor(db: Database): SchemaEditor {
  return new editors[db.dialect]({ db, execute: (sql) => db.script(sql), remark: () => {} });
}

/** An editor that writes down the SQL instead of running it. */
export function collectingEditor(dialect: Dialect): { editor: SchemaEditor; statements: string[] } {
  const statements: string[] = [];
  const execute = async (sql: string): Promise<void> => void statements.push(/;\s*$/.test(sql) ? sql : `${sql};`);
  const remark = (text: string): void => void statements.push(`-- ${text}`);
  return { editor: new editors[dialect]({ db: undefined, execute, remark }), statements };
}
