import type { HttpRequest, Message } from "#http";
import { safe, type SafeString } from "#templates";

/** The usual levels by Django's names, as templates compare them: `message.level == DEFAULT_MESSAGE_LEVELS.ERROR`. */
export const messageLevels = { DEBUG: "debug", INFO: "info", SUCCESS: "success", WARNING: "warning", ERROR: "error" } as const;

/** A message as templates show it: what the view marked as HTML is HTML, everything else is escaped. */
export interface ShownMessage {
  readonly level: string;
  readonly tags: string;
  readonly levelTag: string;
  readonly extraTags: string;
  readonly text: string | SafeString;
  /** The text, by Django's name. */
  readonly message: string | SafeString;
  toString(): string;
  toHtml(): string | SafeString;
}

/** Takes the messages of a request, to be shown. */
export function shownMessages(request: HttpRequest): ShownMessage[] {
  return Array.from(request.messages, shown);
}

function shown({ level, tags, levelTag, extraTags, text: plain, isHtml }: Message): ShownMessage {
  const text = isHtml ? safe(plain) : plain;
  return { level, tags, levelTag, extraTags, text, message: text, toString: () => plain, toHtml: () => text };
}
