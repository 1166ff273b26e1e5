import { ImportList } from "../source/import-list.ts";
import { PrintedCall, printValue } from "../source/print-value.ts";
import { type Dialect, snakeCase } from "../names.ts";
import { fieldName, freeName, modelName } from "./described-names.ts";
import { builderDoor, type FieldSource, fieldSource, impliedKind, plainDefault } from "./field-source.ts";
import type { MiddleTable } from "./middle-tables.ts";
import type {
  CheckDescription,
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  TableDescription,
} from "./table-description.ts";

/** What `modelsSource()` must know beside the tables. */
export interface ModelsSourceOptions {
  readonly dialect: Dialect;
  /** The app that the models are for: its tables lose the beginning of their names. */
  readonly app?: string | undefined;
  /** Whether migrations shall care for the tables; default false. */
  readonly managed?: boolean | undefined;
  /** Models of other files that tables refer to, by their tables. */
  readonly elsewhere?: ReadonlyMap<string, ModelElsewhere> | undefined;
  /** What deleting the target of a reference does where the database has no rule; default `doNothing`, as the database itself. */
  readonly onDelete?: "doNothing" | "protect" | undefined;
  /** Tables that are the middle of many-to-many relations, and have no class of their own. */
  readonly middle?: readonly MiddleTable[] | undefined;
}

/** A model that a file imports, or names by its key. */
export interface ModelElsewhere {
  /** The class, or a key such as `"@user"` in its quotes. */
  readonly name: string;
  /** The module it is imported from; none for a key. */
  readonly from?: string | undefined;
  /** The column of its primary key; default `id`. */
  readonly key?: string | undefined;
}

/**
 * A models file for tables: a class for each, with what the database knows of it, and comments on what a model cannot say.
 *
 * ```ts
 * const source = modelsSource(await describeTables(db), { dialect: db.dialect, app: "shop" });
 * ```
 */
export function modelsSource(tables: readonly TableDescription[], options: ModelsSourceOptions): string {
  const imports = new ImportList();
  for (const name of ["manager", "Model"]) imports.add(ormDoor, name);
  const names = namesOf(tables, options);
  const keys = new Map(tables.map(({ name, primaryKey }) => [name, primaryKey.join()]));
  const classes = tables.map((table) => new TableSource(table, { ...options, names, imports, keys }).print());
  return `${imports.print()}\n${classes.join("\n")}`;
}

const ormDoor = "cortado/orm";

/** The class of each table. */
function namesOf(tables: readonly TableDescription[], { app }: ModelsSourceOptions): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name } of tables) names.set(name, freeName(modelName(name, app), new Set(names.values())));
  return names;
}

interface Context extends ModelsSourceOptions {
  readonly names: ReadonlyMap<string, string>;
  readonly imports: ImportList;
  /** The primary key's column of each table. */
  readonly keys: ReadonlyMap<string, string>;
}

interface Line {
  readonly name: string;
  readonly source: string;
  readonly remarks: readonly string[];
}

/** One class. */
class TableSource {
  readonly #table: TableDescription;
  readonly #context: Context;
  /** The field of each column, by the column. */
  readonly #fields = new Map<string, string>();
  readonly #remarks: string[] = [];

  constructor(table: TableDescription, context: Context) {
    this.#table = table;
    this.#context = context;
  }

  print(): string {
    const { name, comment, kind } = this.#table;
    const lines = this.#table.columns.filter((column) => !this.#isImplicitKey(column)).map((column) => this.#line(column));
    const relations = (this.#context.middle ?? [])
      .filter(({ owner }) => owner === name)
      .map((middle) => this.#manyToMany(middle));
    const key = this.#compositeKey();
    const options = this.#options();
    const about = [comment, kind === "view" ? "A view: rows can be read." : undefined, ...this.#remarks];
    const comments = about.filter((text) => text !== undefined).map((text) => `// ${text.replaceAll("\n", " ")}\n`);
    const body = [...(key ? [key] : []), ...lines, ...relations].map(printLine).join("");
    return `${comments.join("")}export class ${this.#context.names.get(name)!} extends Model(\n  {\n${body}  },\n${Object.keys(options).length === 0 ? "" : `  ${printValue(options, { indent: 2, before: 2, imports: this.#context.imports })},\n`}) {\n  static objects = manager(this);\n}\n`;
  }

  /** An `id` that the database allots is there without being declared. */
  #isImplicitKey({ name, identity }: ColumnDescription): boolean {
    const { primaryKey } = this.#table;
    if (name !== "id" || !identity || primaryKey.length !== 1 || primaryKey[0] !== "id") return false;
    this.#fields.set("id", "id");
    return true;
  }

  #line(column: ColumnDescription): Line {
    const foreignKey = this.#table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
    if (foreignKey !== undefined && this.#target(foreignKey.table) !== undefined) return this.#relation(column, foreignKey);
    if (column.generated !== undefined) return this.#generated(column, column.generated);
    const { builder, options, base, remark } = this.#fieldOf(column);
    const remarks = remark === undefined ? [] : [remark];
    if (foreignKey !== undefined)
      remarks.push(`It refers to ${foreignKey.table}.${foreignKey.targetColumns.join()}, which is not among the models.`);
    const name = this.#name(column.name, column.name);
    const { defaults, told } = defaultOf(column, builder);
    if (told !== undefined) remarks.push(told);
    const given = { ...options, ...this.#columnOptions(column, name), ...defaults };
    return { name, source: this.#call(builder, given, base), remarks };
  }

  #fieldOf(column: ColumnDescription) {
    const made = this.#impliedField(column, fieldSource(column, this.#context.dialect));
    const isKey = this.#table.primaryKey.length === 1 && this.#table.primaryKey[0] === column.name;
    if (!isKey || !column.identity) return made;
    return { builder: made.builder === "smallInteger" ? "smallAuto" : "auto", options: {}, remark: made.remark };
  }

  /** A rule may say more of a column than its type: that it is not negative, that it is JSON. */
  #impliedField({ name }: ColumnDescription, made: FieldSource): FieldSource {
    const rule = this.#table.checks.map(({ sql }) => impliedKind(sql)).find((kind) => kind?.column === name);
    if (rule?.kind === "json") return { builder: "json", options: {} };
    const positive = { smallInteger: "positiveSmallInteger", integer: "positiveInteger", bigInteger: "positiveBigInteger" }[
      made.builder
    ];
    return rule?.kind === "positive" && positive !== undefined ? { ...made, builder: positive } : made;
  }

  #generated(column: ColumnDescription, { sql, stored }: NonNullable<ColumnDescription["generated"]>): Line {
    const made = fieldSource(column, this.#context.dialect);
    const { remark } = made;
    const output = fieldCall({ ...made, options: { ...made.options, ...(column.null ? { null: true } : {}) } });
    const name = this.#name(column.name, column.name);
    const { dbColumn } = this.#columnOptions(column, name);
    const source = this.#call("generated", { expression: { sql }, output, stored, dbColumn });
    return { name, source, remarks: remark === undefined ? [] : [remark] };
  }

  #relation(column: ColumnDescription, { table, targetColumns, onDelete }: ForeignKeyDescription): Line {
    const isOne = this.#isUnique(column.name) || this.#isKey(column.name);
    const name = this.#name(column.name, column.name.replace(/_id$/i, ""));
    const options = {
      onDelete: databaseRules[onDelete ?? ""] ?? this.#context.onDelete ?? "doNothing",
      ...(targetColumns[0] === this.#keyOf(table) ? {} : { toField: fieldName(targetColumns[0]!) }),
      ...this.#columnOptions(column, name, `${snakeCase(name)}_id`),
      ...(this.#relationsTo(table) > 1 ? { relatedName: "+" } : {}),
    };
    const { unique: _, ...rest } = options as Record<string, unknown>;
    const builder = isOne ? "oneToOne" : "foreignKey";
    this.#import(builder);
    return { name, source: `() => ${builder}(${this.#target(table)!}, ${printValue(rest, { indent: 4 })})`, remarks: [] };
  }

  /** The class that a table has, here or in another file. */
  #target(table: string): string | undefined {
    const own = this.#context.names.get(table);
    if (own !== undefined) return own;
    const other = this.#context.elsewhere?.get(table);
    if (other?.from !== undefined) this.#context.imports.add(other.from, other.name);
    return other?.name;
  }

  #manyToMany({ table, column, target }: MiddleTable): Line {
    const name = this.#name(`${table}.${column}`, column);
    this.#import("manyToMany");
    const usual = `${this.#table.name}_${snakeCase(name)}`;
    const options = usual === table ? "" : `, ${printValue({ dbTable: table })}`;
    return { name, source: `() => manyToMany(${this.#target(target)!}${options})`, remarks: [] };
  }

  #keyOf(table: string): string {
    return this.#context.keys.get(table) ?? this.#context.elsewhere?.get(table)?.key ?? "id";
  }

  /** Several ways to one model would have one name back. */
  #relationsTo(table: string): number {
    return this.#table.foreignKeys.filter((key) => key.table === table).length;
  }

  #columnOptions(column: ColumnDescription, name: string, usual = snakeCase(name)): Record<string, unknown> {
    return {
      ...(this.#isKey(column.name) ? { primaryKey: true } : {}),
      ...(column.null ? { null: true, blank: true } : {}),
      ...(!this.#isKey(column.name) && this.#isUnique(column.name) ? { unique: true } : {}),
      ...(usual === column.name ? {} : { dbColumn: column.name }),
      ...(column.comment === undefined ? {} : { dbComment: column.comment }),
    };
  }

  #compositeKey(): Line | undefined {
    const { primaryKey } = this.#table;
    if (primaryKey.length === 0 && this.#table.kind === "table")
      this.#remarks.push("The table has no primary key: a model needs one that tells rows apart.");
    if (primaryKey.length < 2) return undefined;
    this.#import("compositePrimaryKey");
    const fields = primaryKey.map((column) => JSON.stringify(this.#fields.get(column)));
    return { name: "pk", source: `compositePrimaryKey(${fields.join(", ")})`, remarks: [] };
  }

  #options(): Record<string, unknown> {
    const { name, kind } = this.#table;
    const isManaged = this.#context.managed === true && kind === "table";
    const constraints = [
      ...this.#uniques().map(({ columns, name }) => this.#partCall("unique", columns, { name })),
      ...this.#checks(),
    ];
    const indexes = this.#indexes().map(({ columns, name, sql }) =>
      this.#partCall("index", columns, { name, using: methodOf(sql) }),
    );
    for (const { sql } of this.#table.checks.filter(isExclusion))
      this.#remarks.push(`The database has a rule that stands here as SQL: ${sql}`);
    return {
      ...(this.#isUsualName() ? {} : { dbTable: name }),
      ...(isManaged ? {} : { managed: false }),
      ...(constraints.length > 0 ? { constraints } : {}),
      ...(indexes.length > 0 ? { indexes } : {}),
    };
  }

  /** Whether the app and the model make the table's name. */
  #isUsualName(): boolean {
    const { app, names } = this.#context;
    return app !== undefined && `${app}_${names.get(this.#table.name)!.toLowerCase()}` === this.#table.name;
  }

  /** Rules of rows; those that a kind of field brings along are left to it. */
  #checks(): PrintedCall[] {
    const own = this.#table.checks.filter((rule) => impliedKind(rule.sql) === undefined && !isExclusion(rule));
    return own.map(
      ({ name, sql }, i) =>
        new PrintedCall({ door: ormDoor, name: "check" }, [name ?? `${this.#table.name}_check_${i + 1}`, sql]),
    );
  }

  #partCall(
    builder: "unique" | "index",
    columns: readonly (string | undefined)[],
    { name, using }: { name: string; using?: string | undefined },
  ): PrintedCall {
    const fields = columns.map(
      (column) => `${column!.startsWith("-") ? "-" : ""}${this.#fields.get(column!.replace(/^-/, ""))!}`,
    );
    // SQLite names the index behind a rule itself.
    const options = name.startsWith("sqlite_") ? [] : [{ name, using }];
    return new PrintedCall({ door: ormDoor, name: builder }, [fields, ...options]);
  }

  #uniques(): IndexDescription[] {
    return this.#table.indexes.filter((index) => index.unique && index.columns.length > 1 && this.#canSay(index));
  }

  /** Indexes over columns; one over a relation's column alone is there without being declared. */
  #indexes(): IndexDescription[] {
    const relations = new Set(this.#table.foreignKeys.map(({ columns }) => columns.join()));
    const rules = new Set(this.#table.checks.filter(isExclusion).map(({ name }) => name));
    return this.#table.indexes.filter(
      (index) => !index.unique && !rules.has(index.name) && !relations.has(index.columns.join()) && this.#canSay(index),
    );
  }

  /** What a model says by functions of its own is left to the reader. */
  #canSay({ columns, condition, sql, name, unique }: IndexDescription): boolean {
    const canSay = condition === undefined && columns.every((column) => column !== undefined) && !hasClasses(sql);
    const isNew = !this.#remarks.some((remark) => remark.includes(name));
    if (!canSay && isNew)
      this.#remarks.push(`The database has ${unique ? "a rule" : "an index"} that stands here as SQL: ${sql || name}`);
    return canSay;
  }

  #isKey(column: string): boolean {
    return this.#table.primaryKey.length === 1 && this.#table.primaryKey[0] === column;
  }

  #isUnique(column: string): boolean {
    return this.#table.indexes.some(
      ({ unique, columns, condition }) => unique && condition === undefined && columns.length === 1 && columns[0] === column,
    );
  }

  /** Notes a name that the file needs of the ORM. */
  #import(name: string): void {
    this.#context.imports.add(ormDoor, name);
  }

  #name(column: string, wanted: string): string {
    const name = freeName(fieldName(wanted), new Set(this.#fields.values()));
    this.#fields.set(column, name);
    return name;
  }

  #call(builder: string, options: Record<string, unknown>, base?: FieldSource): string {
    return printValue(fieldCall({ builder, options, base }), { indent: 4, imports: this.#context.imports });
  }
}

function fieldCall({ builder, options, base }: FieldSource): PrintedCall {
  const values = [...(base === undefined ? [] : [fieldCall(base)]), ...(Object.keys(options).length === 0 ? [] : [options])];
  return new PrintedCall({ door: builderDoor(builder), name: builder }, values);
}

/** A rule that no two rows may break, which PostgreSQL keeps by an index of the same name. */
function isExclusion({ sql }: CheckDescription): boolean {
  return sql.startsWith("EXCLUDE ");
}

/** How PostgreSQL keeps an index, where that is not the usual way. */
function methodOf(sql: string): string | undefined {
  const method = / USING (\w+) \(/.exec(sql)?.[1];
  return method === "btree" ? undefined : method;
}

/** Whether columns of an index of another kind have operator classes, or options stand behind them. */
function hasClasses(sql: string): boolean {
  return methodOf(sql) !== undefined && !/ USING \w+ \((?:(?:\w+|"[^"]+")(?:, )?)+\)$/.test(sql);
}

const databaseRules: Readonly<Record<string, string>> = {
  CASCADE: "dbCascade",
  "SET NULL": "dbSetNull",
  "SET DEFAULT": "dbSetDefault",
  RESTRICT: "dbRestrict",
};

function defaultOf({ defaultSql }: ColumnDescription, builder: string): { defaults: Record<string, unknown>; told?: string } {
  if (defaultSql === undefined || /^null(?:::|$)/i.test(defaultSql)) return { defaults: {} };
  const value = valueFor(builder, plainDefault(defaultSql));
  if (value !== undefined) return { defaults: { dbDefault: value } };
  return { defaults: {}, told: `The database's default is ${defaultSql}.` };
}

/** A default as a field of this kind has it. */
function valueFor(builder: string, value: string | number | boolean | undefined): unknown {
  if (builder === "boolean") return value === undefined ? undefined : value === true || value === 1;
  if (/^(?:bigInteger|positiveBigInteger)$/.test(builder)) return typeof value === "number" ? BigInt(value) : undefined;
  return /^(?:char|text|citext|integer|smallInteger|positive\w+|float|decimal)$/.test(builder) ? value : undefined;
}

function printLine({ name, source, remarks }: Line): string {
  return `${remarks.map((remark) => `    // ${remark.replaceAll("\n", " ")}\n`).join("")}    ${name}: ${source},\n`;
}
