import { type Message, type MessageFile, messageKey, parsePluralRule } from "#kernel/i18n";
import type { FoundMessage } from "#templates";
import { nearestText } from "./nearest-text.ts";

/** A text with the place that it was found at. */
export interface LocatedMessage extends FoundMessage {
  /** `shop/views.ts:12`; undefined where catalogues do not say it. */
  readonly reference: string | undefined;
}

/** Texts found in several places as one message each, in the order in which they were found. */
export function gatherMessages(found: readonly LocatedMessage[]): Message[] {
  const gathered = new Map<string, Message>();
  for (const { id, plural, context, comments, reference } of found) {
    const key = messageKey(id, context);
    let message = gathered.get(key);
    if (message === undefined) gathered.set(key, (message = newMessage(id, context)));
    message.plural ??= plural;
    if (reference !== undefined && !message.references.includes(reference)) message.references.push(reference);
    for (const comment of comments) if (!message.extracted.includes(comment)) message.extracted.push(comment);
    if (/%\(\w+\)[sdf]/.test(id) && message.flags.length === 0) message.flags.push("python-format");
  }
  return [...gathered.values()];
}

function newMessage(id: string, context: string | undefined): Message {
  return {
    id, context, translations: [], flags: [], comments: [], extracted: [], references: [], previous: [],
    obsolete: false, line: 0,
  }; // prettier-ignore
}

/**
 * A catalogue with the texts that sources have now: translations stay, a new text that is like one which is gone takes its
 * translation as a fuzzy one, what is gone is kept as obsolete unless it is dropped.
 */
export function mergeMessages(
  file: MessageFile,
  found: readonly Message[],
  { dropObsolete = false }: { dropObsolete?: boolean } = {},
): MessageFile {
  const forms = pluralCount(file);
  const before = new Map(file.messages.map((message) => [messageKey(message.id, message.context), message]));
  const gone = new Map(before);
  for (const { id, context } of found) gone.delete(messageKey(id, context));
  const messages = found.map((message) => {
    const known = before.get(messageKey(message.id, message.context));
    const old = known ?? nearestText(message.id, [...gone.values()].filter(isTranslated), ({ id }) => id);
    if (old === undefined) return { ...message, translations: emptyForms(message, forms) };
    return known === undefined ? takeOver(message, old, forms) : update(message, old, forms);
  });
  // What a new text took over is not told twice.
  const kept = dropObsolete ? [] : [...gone.values()].filter(isTranslated);
  const obsolete = kept.map((message) => ({ ...message, obsolete: true, references: [], extracted: [] }));
  return { ...file, messages: [...messages, ...obsolete] };
}

function pluralCount({ headers }: MessageFile): number {
  try {
    return parsePluralRule(headers.get("Plural-Forms") ?? "").count;
  } catch {
    return 2;
  }
}

function isTranslated({ translations }: Message): boolean {
  return translations.some((text) => text !== "");
}

function emptyForms({ plural }: Message, forms: number): string[] {
  return Array.from({ length: plural === undefined ? 1 : forms }, () => "");
}

/** A text that was there before. One that has become a plural, or is none any more, must be looked at. */
function update(message: Message, old: Message, forms: number): Message {
  const isSame = (message.plural === undefined) === (old.plural === undefined);
  const changed = message.plural !== old.plural;
  const flags = old.flags.filter((flag) => flag !== "python-format");
  const fuzzy = changed && isTranslated(old) ? [...new Set(["fuzzy", ...flags])] : flags;
  return {
    ...message,
    translations: isSame ? old.translations : resized(old, message, forms),
    comments: old.comments,
    flags: [...fuzzy, ...message.flags],
    previous: changed && isTranslated(old) ? previousOf(old) : old.previous,
  };
}

function takeOver(message: Message, old: Message, forms: number): Message {
  return {
    ...message,
    translations: resized(old, message, forms),
    comments: old.comments,
    flags: ["fuzzy", ...message.flags],
    previous: previousOf(old),
  };
}

function resized(old: Message, message: Message, forms: number): string[] {
  const length = message.plural === undefined ? 1 : forms;
  return Array.from({ length }, (_, form) => old.translations[form] ?? old.translations.at(-1) ?? "");
}

function previousOf({ context, id, plural }: Message): string[] {
  return [
    ...(context === undefined ? [] : [`msgctxt ${JSON.stringify(context)}`]),
    `msgid ${JSON.stringify(id)}`,
    ...(plural === undefined ? [] : [`msgid_plural ${JSON.stringify(plural)}`]),
  ];
}
