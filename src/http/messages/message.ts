import type { LazyText } from "#kernel/i18n";
import type { LevelName } from "./message-levels.ts";

/** Text that is HTML already, as templates know it. */
export interface Markup {
  toHtml(): { toString(): string };
}

/** What a message says. What is not marked as HTML is escaped where it is shown. */
export type MessageText = string | LazyText | Markup;

/** How a message is kept: level, text, extra tags, and 1 where the text is HTML. */
export type StoredMessage = readonly [level: string, text: string, extraTags?: string, isHtml?: 0 | 1];

/** A note for the visitor, shown once on the next page. */
export class Message {
  readonly level: LevelName;
  readonly text: string;
  /** Class names of this message alone. */
  readonly extraTags: string;
  /** The class name of its level. */
  readonly levelTag: string;
  /** Whether its text is HTML, marked as such by the view that left it. */
  readonly isHtml: boolean;

  constructor([level, text, extraTags = "", isHtml = 0]: StoredMessage, levelTag: string = level) {
    this.level = level;
    this.text = text;
    this.extraTags = extraTags;
    this.levelTag = levelTag;
    this.isHtml = isHtml === 1;
  }

  /** The class names that templates put on a message. */
  get tags(): string {
    return [this.extraTags, this.levelTag].filter((tag) => tag !== "").join(" ");
  }

  /** The text, by Django's name. */
  get message(): string {
    return this.text;
  }

  toString(): string {
    return this.text;
  }

  toStored(): StoredMessage {
    if (this.isHtml) return [this.level, this.text, this.extraTags, 1];
    return this.extraTags === "" ? [this.level, this.text] : [this.level, this.text, this.extraTags];
  }
}

/** A message as it will be kept: its text is that of the moment, in the language of this request. */
export function storedMessage(level: LevelName, text: MessageText, extraTags: string): StoredMessage {
  const isHtml = typeof text === "object" && "toHtml" in text;
  return [level, String(isHtml ? text.toHtml() : text), extraTags, isHtml ? 1 : 0];
}
