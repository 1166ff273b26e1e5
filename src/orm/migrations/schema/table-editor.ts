import type { Database } from "../../database/database.ts";
import { type Dialect, quoteName } from "../../names.ts";
import type { SchemaEditor, SchemaHints } from "../operations/operation.ts";
import type { ProjectState } from "../state/project-state.ts";
import { isConstraint, isForeignKey, type PartShape } from "./shapes.ts";
import { type PartChanges, type TableChange, tableChanges, type TableChanges } from "./table-changes.ts";
import type { TableShape } from "./table-shape.ts";

/** Where an editor's SQL goes. */
export type EditorOutput = Pick<SchemaEditor, "db" | "execute" | "remark">;

/**
 * How it works
 *
 * Two states are compared as tables (`tableChanges`), and what differs is done in an order that suits both
 * databases: what goes first makes room, what is renamed keeps its rows, columns change, and what was
 * added comes last, foreign keys after all else, so that tables may refer to one another in any order.
 * The two editors that extend this one write the SQL.
 */
export abstract class TableEditor implements SchemaEditor {
  abstract readonly dialect: Dialect;
  readonly db: Database | undefined;
  readonly execute: (sql: string) => Promise<void>;
  readonly remark: (text: string) => void;

  constructor({ db, execute, remark }: EditorOutput) {
    this.db = db;
    this.execute = execute;
    this.remark = remark;
  }

  async transform(from: ProjectState, to: ProjectState, hints: SchemaHints): Promise<void> {
    const changes = tableChanges(from, to, { hints, dialect: this.dialect });
    const steps = changes.altered.map((change) => ({ change, parts: this.partsOf(change, changes) }));
    for (const { change, parts } of steps) for (const part of parts.gone) await this.dropPart(change.from, part);
    for (const table of changes.dropped) {
      for (const part of table.constraints.filter(isForeignKey)) await this.dropPart(table, part);
    }
    for (const table of changes.dropped) await this.execute(`DROP TABLE ${quoteName(table.name)}`);
    for (const { change, parts } of steps) await this.#rename(change, parts);
    for (const table of changes.created) await this.createTable(table);
    for (const { change } of steps) await this.alterColumns(change, hints);
    const added = [
      ...steps.flatMap(({ change, parts }) => parts.fresh.map((part) => ({ table: change.to, part }))),
      ...changes.created.flatMap((table) => partsBeside(table).map((part) => ({ table, part }))),
    ];
    for (const { table, part } of [
      ...added.filter((one) => !isForeignKey(one.part)),
      ...added.filter((one) => isForeignKey(one.part)),
    ]) {
      await this.addPart(table, part);
    }
    await this.settle(changes);
  }

  async #rename({ from, to, kept }: TableChange, { renamed }: PartChanges): Promise<void> {
    const table = quoteName(to.name);
    if (from.name !== to.name) await this.renameTable(from, to);
    for (const pair of kept) {
      if (pair.from.name === pair.to.name) continue;
      await this.execute(`ALTER TABLE ${table} RENAME COLUMN ${quoteName(pair.from.name)} TO ${quoteName(pair.to.name)}`);
    }
    for (const pair of renamed) await this.renamePart(to, pair);
  }

  /** What happens to the parts of a table; a database may have to take more away and set it again. */
  protected partsOf(change: TableChange, _changes: TableChanges): PartChanges {
    return change.parts;
  }

  protected async renameTable(from: TableShape, to: TableShape): Promise<void> {
    await this.execute(`ALTER TABLE ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`);
  }

  /** A table with its columns and what stands inside it; indexes and foreign keys follow. */
  protected abstract createTable(table: TableShape): Promise<void>;
  /** Columns that come, go and change. */
  protected abstract alterColumns(change: TableChange, hints: SchemaHints): Promise<void>;
  protected abstract dropPart(table: TableShape, part: PartShape): Promise<void>;
  protected abstract addPart(table: TableShape, part: PartShape): Promise<void>;
  protected abstract renamePart(table: TableShape, pair: PartChanges["renamed"][number]): Promise<void>;
  /** What is left to do, or to verify, when the tables are as they should be. */
  protected abstract settle(changes: TableChanges): Promise<void>;
}

function partsBeside(table: TableShape): PartShape[] {
  return [...table.indexes, ...table.constraints].filter((part) => !isConstraint(part) || part.kind === "foreignKey");
}
