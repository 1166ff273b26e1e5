import { httpErrors } from "../errors.ts";

/** The levels that are always there; a project may have others: `messages: { levels: { critical: 50 } }`. */
export type MessageLevel = "debug" | "info" | "success" | "warning" | "error";

/** A level by name: one of the usual ones, or of the project's own. */
export type LevelName = MessageLevel | (string & {});

/** How messages are kept, and which levels they have: the setting `messages`. */
export interface MessageSettings {
  /** Where messages wait for the next page: `fallback` is the cookie, or the session where they do not fit. */
  storage?: "fallback" | "cookie" | "session" | undefined;
  /** The least level that is shown: `info`. */
  level?: LevelName | undefined;
  /** Levels besides the usual ones, by weight; debug is 10, info 20, success 25, warning 30, error 40. */
  levels?: Readonly<Record<string, number>> | undefined;
  /** Class names in place of the levels' own: `{ error: "danger" }`. */
  tags?: Readonly<Record<string, string>> | undefined;
}

const usualLevels: Readonly<Record<MessageLevel, number>> = { debug: 10, info: 20, success: 25, warning: 30, error: 40 };

/** The weight of a level. @throws HTTP_UNKNOWN_MESSAGE_LEVEL */
export function weightOf(level: LevelName, { levels = {} }: MessageSettings): number {
  const weights: Readonly<Record<string, number>> = { ...usualLevels, ...levels };
  if (Object.hasOwn(weights, level)) return weights[level]!;
  throw httpErrors.HTTP_UNKNOWN_MESSAGE_LEVEL({ given: level, known: Object.keys(weights) });
}

/** Whether a text is the name of a level here. */
export function isLevel(name: unknown, { levels = {} }: MessageSettings): name is LevelName {
  return typeof name === "string" && (Object.hasOwn(usualLevels, name) || Object.hasOwn(levels, name));
}
