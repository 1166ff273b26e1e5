/** A text of a catalogue with its translations. */
export interface Message {
  /** What tells it from the same text elsewhere. */
  context?: string | undefined;
  /** The text in the language of the program. */
  id: string;
  /** The text for several, where it depends on a number. */
  plural?: string | undefined;
  /** The translations: one, or one a plural form; empty where there is none yet. */
  translations: string[];
  /** `fuzzy`, `python-format` and the like. */
  flags: string[];
  /** Comments of translators, without their `# `. */
  comments: string[];
  /** Comments for translators, from the source. */
  extracted: string[];
  /** `shop/views.ts:12`. */
  references: string[];
  /** The text that a fuzzy translation was for, as lines behind `#| `. */
  previous: string[];
  /** Whether no source has the text any more. */
  obsolete: boolean;
  /** The line of the file on which it begins, from 1. */
  line: number;
}

/** What a catalogue's file holds. */
export interface MessageFile {
  /** `Language`, `Plural-Forms` and so on, in their order. */
  headers: Map<string, string>;
  /** Comments above the header. */
  headerComments: string[];
  messages: Message[];
}

/** The key of a message: its text, behind its context where it has one. */
export function messageKey(id: string, context?: string): string {
  return context === undefined ? id : `${context}\u0004${id}`;
}

/** Reads `Name: value` lines. */
export function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf(":");
    if (at > 0) headers.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return headers;
}

/** The charset that a header names. */
export function charsetOf(text: string): string {
  return /Content-Type:[^\n\\]*charset=([\w-]+)/i.exec(text)?.[1] ?? "utf-8";
}
