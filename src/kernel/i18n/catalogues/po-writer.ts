import type { Message, MessageFile } from "./message.ts";

/** How wide a line of a .po file is. */
const width = 78;

function quote(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\t", "\\t")
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

/** A text as lines of quotes: one where it fits, otherwise cut at its own line ends and between words. */
function quoted(keyword: string, text: string): string {
  const whole = `${keyword} ${quote(text)}`;
  const hasLines = text.indexOf("\n") >= 0 && text.indexOf("\n") < text.length - 1;
  if (!hasLines && whole.length <= width) return whole;
  const lines = (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).flatMap(wrap).map(quote);
  return lines.length === 1 ? whole : [`${keyword} ""`, ...lines].join("\n");
}

function wrap(line: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const word of line.match(/\S+\s*|\s+/g) ?? []) {
    if (piece !== "" && quote(piece + word.trimEnd()).length > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += word;
  }
  return piece === "" ? pieces : [...pieces, piece];
}

function referenceLines(references: readonly string[]): string[] {
  const lines: string[] = [];
  for (const reference of references) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${reference}`.length <= width) lines[lines.length - 1] = `${last} ${reference}`;
    else lines.push(`#: ${reference}`);
  }
  return lines;
}

function writeMessage(message: Message): string {
  const { comments, extracted, references, flags, previous, context, id, plural, translations } = message;
  const texts = [
    ...(context === undefined ? [] : [quoted("msgctxt", context)]),
    quoted("msgid", id),
    ...(plural === undefined
      ? [quoted("msgstr", translations[0] ?? "")]
      : [quoted("msgid_plural", plural), ...translations.map((text, form) => quoted(`msgstr[${form}]`, text))]),
  ].flatMap((text) => text.split("\n"));
  const lines = [
    ...comments.map((line) => (line === "" ? "#" : `# ${line}`)),
    ...(message.obsolete ? [] : extracted.map((line) => `#. ${line}`)),
    ...(message.obsolete ? [] : referenceLines(references)),
    ...(flags.length === 0 ? [] : [`#, ${flags.join(", ")}`]),
    ...previous.map((line) => (message.obsolete ? `#~| ${line}` : `#| ${line}`)),
    ...texts.map((line) => (message.obsolete ? `#~ ${line}` : line)),
  ];
  return lines.join("\n");
}

/**
 * Writes a .po file: the header, what is in use, what is obsolete.
 *
 * ```ts
 * const text = writePo(parsePo('msgid "Name"\nmsgstr "이름"\n'));
 * ```
 */
export function writePo({ headers, headerComments, messages }: MessageFile): string {
  const isFuzzy = headerComments.includes(", fuzzy");
  const comments = headerComments.filter((line) => line !== ", fuzzy").map((line) => (line === "" ? "#" : `# ${line}`));
  const head = [
    ...comments,
    ...(isFuzzy ? ["#, fuzzy"] : []),
    'msgid ""',
    'msgstr ""',
    ...[...headers].map(([name, value]) => quote(`${name}: ${value}\n`)),
  ];
  const used = messages.filter((message) => !message.obsolete);
  const obsolete = messages.filter((message) => message.obsolete);
  return `${[head.join("\n"), ...[...used, ...obsolete].map(writeMessage)].join("\n\n")}\n`;
}
