import type { Signer } from "#kernel/signing";
import type { Session } from "../sessions/session.ts";
import { isLevel, type LevelName, type MessageSettings, weightOf } from "./message-levels.ts";
import { Message, type MessageText, type StoredMessage, storedMessage } from "./message.ts";

/** What a message has beside its level and text. */
export interface MessageOptions {
  /** Class names of this message alone. */
  extraTags?: string | undefined;
}

/** What messages of a request are kept in. */
export interface MessagePlace {
  session: Session;
  signer: Signer;
  settings: MessageSettings;
  /** The messages' cookie as it came. */
  cookie: string | undefined;
}

const sessionKey = "_messages";
/** What fits into a cookie beside the site's others. */
const cookieLimit = 2048;

/**
 * Notes for the visitor's next page. They travel in a signed cookie, or in the session where they do not fit.
 * Going through them takes them away.
 *
 * ```ts
 * request.messages.success("The order is on its way.");
 * ```
 */
export class Messages implements Iterable<Message> {
  readonly #place: MessagePlace;
  readonly #hadCookie: boolean;
  /** What came, and what was added, in that order. */
  #waiting: Message[];
  #shown: Message[] = [];
  #changed = false;
  #level: LevelName;

  constructor(place: MessagePlace) {
    const { cookie, session, settings } = place;
    this.#place = place;
    this.#hadCookie = cookie !== undefined;
    this.#level = settings.level ?? "info";
    this.#waiting = [...this.#read(fromCookie(place)), ...this.#read(session.get(sessionKey))];
  }

  /** The least level that is kept in this request; set it to hear more or less. @throws HTTP_UNKNOWN_MESSAGE_LEVEL */
  get level(): LevelName {
    return this.#level;
  }

  set level(level: LevelName) {
    weightOf(level, this.#place.settings);
    this.#level = level;
  }

  /** Leaves a message, unless its level is too low. @throws HTTP_UNKNOWN_MESSAGE_LEVEL */
  add(level: LevelName, text: MessageText, { extraTags = "" }: MessageOptions = {}): void {
    const { settings } = this.#place;
    if (weightOf(level, settings) < weightOf(this.#level, settings)) return;
    this.#waiting.push(this.#message(storedMessage(level, text, extraTags)));
    this.#changed = true;
  }

  debug(text: MessageText, options?: MessageOptions): void {
    this.add("debug", text, options);
  }

  info(text: MessageText, options?: MessageOptions): void {
    this.add("info", text, options);
  }

  success(text: MessageText, options?: MessageOptions): void {
    this.add("success", text, options);
  }

  warning(text: MessageText, options?: MessageOptions): void {
    this.add("warning", text, options);
  }

  error(text: MessageText, options?: MessageOptions): void {
    this.add("error", text, options);
  }

  get size(): number {
    return this.#waiting.length;
  }

  *[Symbol.iterator](): IterableIterator<Message> {
    const all = this.#waiting;
    if (all.length > 0) this.#changed = true;
    this.#waiting = [];
    this.#shown.push(...all);
    yield* all;
  }

  /** Leaves what was gone through for the next page too. */
  keep(): void {
    this.#waiting = [...this.#shown, ...this.#waiting];
    this.#shown = [];
  }

  /** What the cookie must hold after this request: a signed text, null for no cookie, undefined where nothing changes. */
  toCookie(): string | null | undefined {
    if (!this.#changed) return undefined;
    const { session, settings } = this.#place;
    const storage = settings.storage ?? "fallback";
    const left = this.#waiting.map((message) => message.toStored());
    const fitting = storage === "session" ? undefined : this.#signed(left, storage === "cookie");
    session.delete(sessionKey);
    if (storage !== "cookie" && fitting === undefined && left.length > 0) session.set(sessionKey, left);
    return fitting ?? (this.#hadCookie ? null : undefined);
  }

  /** The messages as a cookie; undefined where there are none, and where they do not fit. Without the oldest, where they may be left out. */
  #signed(stored: readonly StoredMessage[], mayDrop: boolean): string | undefined {
    for (let from = 0; from < stored.length; from++) {
      const text = this.#place.signer.signObject(stored.slice(from), { compress: true });
      if (text.length <= cookieLimit) return text;
      if (!mayDrop) return undefined;
    }
    return undefined;
  }

  #read(stored: unknown): Message[] {
    const { settings } = this.#place;
    if (!Array.isArray(stored)) return [];
    const isStored = (entry: unknown): entry is StoredMessage =>
      Array.isArray(entry) && isLevel(entry[0], settings) && typeof entry[1] === "string";
    return stored.filter(isStored).map((each) => this.#message(each));
  }

  #message(stored: StoredMessage): Message {
    const { tags = {} } = this.#place.settings;
    const [level] = stored;
    return new Message(stored, Object.hasOwn(tags, level) ? tags[level] : level);
  }
}

/** What a cookie of ours holds; nothing where there is none, or another one wrote it. */
function fromCookie({ cookie, signer }: MessagePlace): unknown {
  if (cookie === undefined) return undefined;
  try {
    return signer.unsignObject(cookie);
  } catch {
    return undefined;
  }
}
