import { collectingEditor } from "../schema/schema-editor.ts";
import type { SchemaEditor } from "./operation.ts";

/** An editor that lets PostgreSQL build and drop indexes while others write; elsewhere the editor itself. */
export function concurrentEditor(editor: SchemaEditor): SchemaEditor {
  return rewriting(editor, async (statement) => {
    const patient = statement.replace(/^(CREATE (?:UNIQUE )?INDEX|DROP INDEX) /, "$1 CONCURRENTLY ");
    const name = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY ("(?:[^"]|"")+")/.exec(patient)?.[1];
    if (name !== undefined) await dropInvalid(editor, name);
    await editor.execute(patient);
  });
}

/** An editor that adds constraints to PostgreSQL's tables without reading the rows that exist; elsewhere the editor itself. */
export function unvalidatedEditor(editor: SchemaEditor): SchemaEditor {
  const unread = (statement: string): string =>
    statement.replace(/( ADD CONSTRAINT .* (?:CHECK|FOREIGN KEY) .*?);?$/s, "$1 NOT VALID");
  return rewriting(editor, (statement) => editor.execute(unread(statement)));
}

function rewriting(editor: SchemaEditor, execute: (statement: string) => Promise<void>): SchemaEditor {
  if (editor.dialect !== "postgres") return editor;
  return {
    dialect: editor.dialect,
    db: editor.db,
    execute,
    remark: editor.remark,
    async transform(from, to, hints) {
      const { editor: collecting, statements } = collectingEditor(editor.dialect);
      await collecting.transform(from, to, hints);
      for (const statement of statements) await execute(statement.replace(/;$/, ""));
    },
  };
}

/** A concurrent build that failed leaves an index that nothing uses and that keeps its name taken. */
async function dropInvalid({ db, execute }: SchemaEditor, quoted: string): Promise<void> {
  const sql = "SELECT 1 AS found FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass($1)";
  const found = db ? await db.query(sql, [quoted]) : [];
  if (found.length > 0) await execute(`DROP INDEX CONCURRENTLY ${quoted}`);
}
