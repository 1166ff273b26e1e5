import { ormErrors } from "../../errors.ts";
import { quoteName } from "../../names.ts";
import type { OpenedSource } from "./rows-source.ts";

/** A named query as it is written into a statement. */
export interface NamedQuery {
  readonly opened: OpenedSource;
  /** Its SQL in parentheses; a recursive one meets itself here, already open. */
  readonly body: () => string;
  readonly recursive: boolean;
}

/** The queries that a statement names: WITH … AS (…). */
export class NamedQueries {
  readonly #open = new Map<string, { readonly query: object; readonly opened: OpenedSource }>();
  readonly #written: string[] = [];
  #recursive = false;

  /** What a named query gives; it is written when it is met first, after those that it uses itself. */
  open(query: { readonly name: string }, write: () => NamedQuery): OpenedSource {
    const known = this.#open.get(query.name);
    if (known?.query === query) return known.opened;
    if (known !== undefined)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `Two queries of one statement are named "${query.name}".`,
        hint: "Give each cte() a name of its own.",
      });
    const { opened, body, recursive } = write();
    this.#open.set(query.name, { query, opened });
    this.#written.push(`${quoteName(query.name)} AS ${body()}`);
    this.#recursive ||= recursive;
    return opened;
  }

  /** A statement, after the queries that it names. */
  before(sql: string): string {
    return `WITH ${this.#recursive ? "RECURSIVE " : ""}${this.#written.join(", ")} ${sql}`;
  }
}
