import type { ImportList } from "../source/import-list.ts";
import { printComment } from "../source/print-comment.ts";
import { PrintedCall, printValue } from "../source/print-value.ts";
import { snakeCase } from "../names.ts";
import { defaultOf } from "./default-source.ts";
import { fieldName, freeName } from "./described-names.ts";
import { builderDoor, type FieldSource, fieldSource, impliedKind } from "./field-source.ts";
import type { MiddleTable } from "./middle-tables.ts";
import type { ModelsSourceOptions } from "./models-source-options.ts";
import { rulesSource } from "./rules-source.ts";
import type { ColumnDescription, ForeignKeyDescription, TableDescription } from "./table-description.ts";

const ormDoor = "cortado/orm";

/** What the classes of one file share. */
export interface TableContext extends ModelsSourceOptions {
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
export class TableSource {
  readonly #table: TableDescription;
  readonly #context: TableContext;
  /** The field of each column, by the column. */
  readonly #fields = new Map<string, string>();
  readonly #remarks: string[] = [];

  constructor(table: TableDescription, context: TableContext) {
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
    const comments = about.filter((text) => text !== undefined).map((text) => printComment(text));
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
    const { constraints, indexes, remarks } = rulesSource(this.#table, (column) => this.#fields.get(column)!);
    this.#remarks.push(...remarks);
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

const databaseRules: Readonly<Record<string, string>> = {
  CASCADE: "dbCascade",
  "SET NULL": "dbSetNull",
  "SET DEFAULT": "dbSetDefault",
  RESTRICT: "dbRestrict",
};

function printLine({ name, source, remarks }: Line): string {
  return `${remarks.map((remark) => printComment(remark, 4)).join("")}    ${name}: ${source},\n`;
}
