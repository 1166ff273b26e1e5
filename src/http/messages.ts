import type { Session } from "./sessions/session.ts";

export type MessageLevel = "debug" | "info" | "success" | "warning" | "error";

/** A note for the visitor, shown once on the next page. */
export class Message {
  readonly level: MessageLevel;
  readonly text: string;

  constructor(level: MessageLevel, text: string) {
    this.level = level;
    this.text = text;
  }

  /** The class name that templates put on a message. */
  get tags(): string {
    return this.level;
  }

  toString(): string {
    return this.text;
  }
}

type Stored = readonly [MessageLevel, string];

const levels: ReadonlySet<string> = new Set(["debug", "info", "success", "warning", "error"] satisfies MessageLevel[]);
const sessionKey = "_messages";
/** What fits into a cookie beside the site's others. */
const cookieLimit = 2000;

/**
 * Notes for the visitor's next page. They travel in a signed cookie, or in the session where they do not fit.
 * Going through them takes them away.
 *
 * ```ts
 * request.messages.success("The order is on its way.");
 * ```
 */
export class Messages implements Iterable<Message> {
  readonly #session: Session;
  readonly #came: Message[];
  #added: Message[] = [];
  #taken = false;
  readonly #hadCookie: boolean;

  /** @param cookie the text of the messages' cookie, its signature checked. */
  constructor(session: Session, cookie: string | undefined) {
    this.#session = session;
    this.#hadCookie = cookie !== undefined;
    this.#came = [...readMessages(cookie === undefined ? [] : JSON.parse(cookie)), ...readMessages(session.get(sessionKey))];
  }

  add(level: MessageLevel, text: string): void {
    this.#added.push(new Message(level, text));
  }

  debug(text: string): void {
    this.add("debug", text);
  }

  info(text: string): void {
    this.add("info", text);
  }

  success(text: string): void {
    this.add("success", text);
  }

  warning(text: string): void {
    this.add("warning", text);
  }

  error(text: string): void {
    this.add("error", text);
  }

  get size(): number {
    return this.#came.length + this.#added.length;
  }

  *[Symbol.iterator](): IterableIterator<Message> {
    this.#taken = true;
    const all = [...this.#came.splice(0), ...this.#added];
    this.#added = [];
    yield* all;
  }

  /** What the cookie must hold after this request: a text, null for no cookie, undefined where nothing changes. */
  toCookie(): string | null | undefined {
    if (!this.#taken && this.#added.length === 0) return undefined;
    const left = [...this.#came, ...this.#added].map(({ level, text }): Stored => [level, text]);
    this.#session.delete(sessionKey);
    if (left.length === 0) return this.#hadCookie ? null : undefined;
    const text = JSON.stringify(left);
    if (encodeURIComponent(text).length <= cookieLimit) return text;
    this.#session.set(sessionKey, left);
    return null;
  }
}

function readMessages(stored: unknown): Message[] {
  if (!Array.isArray(stored)) return [];
  const isStored = (entry: unknown): entry is Stored =>
    Array.isArray(entry) && levels.has(entry[0]) && typeof entry[1] === "string";
  return stored.filter(isStored).map(([level, text]) => new Message(level, text));
}
