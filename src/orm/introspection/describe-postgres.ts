import type { Database } from "../database/database.ts";
import { columnType } from "./column-type.ts";
import type {
  CheckDescription,
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  TableDescription,
} from "./table-description.ts";

type Rows = Record<string, any>[];

/** The relations of the schema that queries use, without those of extensions and the partitions of others. */
const relations = `
SELECT c.oid::int8 AS oid, c.relname AS name, c.relkind IN ('v', 'm') AS is_view, obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname`;

const columns = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
  pg_get_expr(d.adbin, d.adrelid) AS default_sql, a.attgenerated::text AS generated, a.attidentity::text AS identity,
  col_description(a.attrelid, a.attnum) AS comment
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const constraints = `
SELECT o.conname AS name, o.contype::text AS kind, o.confdeltype::text AS on_delete, t.relname AS target,
  pg_get_constraintdef(o.oid) AS definition,
  ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.n ORDER BY k.i) AS columns,
  ARRAY(SELECT a.attname::text FROM unnest(o.confkey) WITH ORDINALITY k(n, i) JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.n ORDER BY k.i) AS target_columns
FROM pg_constraint o LEFT JOIN pg_class t ON t.oid = o.confrelid
WHERE o.conrelid = $1 ORDER BY o.conname`;

const indexes = `
SELECT i.relname AS name, x.indisunique AS is_unique, pg_get_expr(x.indpred, x.indrelid) AS condition, pg_get_indexdef(x.indexrelid) AS sql,
  ARRAY(SELECT CASE WHEN x.indkey[n] = 0 THEN '' ELSE CASE WHEN x.indoption[n] & 1 = 1 THEN '-' ELSE '' END || a.attname END
    FROM generate_series(0, x.indnkeyatts - 1) n LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[n] ORDER BY n) AS columns
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = $1 AND NOT x.indisprimary ORDER BY i.relname`;

/** Reads what PostgreSQL knows of the tables in the current schema. */
export async function describePostgres(db: Database): Promise<TableDescription[]> {
  const found: Rows = await db.query(relations);
  const tables: TableDescription[] = [];
  for (const { oid, name, is_view: isView, comment } of found) {
    const rules: Rows = await db.query(constraints, [oid]);
    tables.push({
      name: name as string,
      kind: isView ? "view" : "table",
      columns: ((await db.query(columns, [oid])) as Rows).map(describeColumn),
      primaryKey: (rules.find(({ kind }) => kind === "p")?.["columns"] as string[] | undefined) ?? [],
      foreignKeys: rules.filter(({ kind }) => kind === "f").map(describeForeignKey),
      indexes: ((await db.query(indexes, [oid])) as Rows).map(describeIndex),
      checks: rules.filter(({ kind }) => kind === "c" || kind === "x").map(describeCheck),
      comment: comment ?? undefined,
    });
  }
  return tables;
}

function describeColumn(column: Rows[number]): ColumnDescription {
  const { type, sizes } = columnType(column["type"] as string);
  const sql = (column["default_sql"] as string | null) ?? undefined;
  const isGenerated = column["generated"] !== "";
  const isSequence = sql?.startsWith("nextval(") ?? false;
  return {
    name: column["name"] as string,
    type,
    sizes,
    null: column["nullable"] as boolean,
    defaultSql: isGenerated || isSequence ? undefined : sql,
    generated: isGenerated ? { sql: sql!, stored: column["generated"] === "s" } : undefined,
    identity: column["identity"] !== "" || isSequence,
    comment: (column["comment"] as string | null) ?? undefined,
  };
}

const onDeletes: Readonly<Record<string, string>> = { c: "CASCADE", n: "SET NULL", d: "SET DEFAULT", r: "RESTRICT" };

function describeForeignKey(rule: Rows[number]): ForeignKeyDescription {
  return {
    columns: rule["columns"] as string[],
    table: rule["target"] as string,
    targetColumns: rule["target_columns"] as string[],
    onDelete: onDeletes[rule["on_delete"] as string],
  };
}

function describeIndex(index: Rows[number]): IndexDescription {
  return {
    name: index["name"] as string,
    columns: (index["columns"] as string[]).map((name) => (name === "" ? undefined : name)),
    unique: index["is_unique"] as boolean,
    condition: (index["condition"] as string | null) ?? undefined,
    sql: index["sql"] as string,
  };
}

function describeCheck(rule: Rows[number]): CheckDescription {
  const definition = rule["definition"] as string;
  return { name: rule["name"] as string, sql: /^CHECK \(([\s\S]*)\)(?: NOT VALID)?$/.exec(definition)?.[1] ?? definition };
}
