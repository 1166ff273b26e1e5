import { type Message, type MessageFile, parsePluralRule, type PluralRule } from "#kernel/i18n";

/** Something wrong with a catalogue. */
export interface CatalogueProblem {
  readonly line: number;
  readonly problem: string;
}

/**
 * What is wrong with a catalogue that can be read: a plural rule that cannot, forms that are too few or too many, names in a
 * translation that its text does not have, or lacks.
 */
export function catalogueProblems(file: MessageFile): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  const rule = readRule(file, problems);
  const seen = new Set<string>();
  for (const message of file.messages) {
    if (message.obsolete) continue;
    const key = `${message.context ?? ""}\u0004${message.id}`;
    if (seen.has(key)) problems.push({ line: message.line, problem: `${shown(message)} stands in it twice` });
    seen.add(key);
    if (message.flags.includes("fuzzy") || message.translations.includes("")) continue;
    for (const problem of messageProblems(message, rule)) problems.push({ line: message.line, problem });
  }
  return problems;
}

function readRule({ headers, messages }: MessageFile, problems: CatalogueProblem[]): PluralRule | undefined {
  const header = headers.get("Plural-Forms");
  if (header === undefined || header === "") {
    const first = messages.find(({ plural, obsolete }) => plural !== undefined && !obsolete);
    if (first !== undefined)
      problems.push({ line: first.line, problem: "its header has no Plural-Forms, and a text has a plural" });
    return undefined;
  }
  try {
    return parsePluralRule(header);
  } catch (error) {
    problems.push({ line: 1, problem: `its Plural-Forms cannot be read: ${(error as Error).message}` });
    return undefined;
  }
}

function* messageProblems(message: Message, rule: PluralRule | undefined): Generator<string> {
  const { id, plural, translations } = message;
  if (plural !== undefined && rule !== undefined && translations.length !== rule.count)
    yield `${shown(message)} has ${translations.length} forms, and its header says ${rule.count}`;
  const known = new Set([...namesIn(id), ...namesIn(plural ?? "")]);
  for (const [form, text] of translations.entries()) {
    const names = new Set(namesIn(text));
    const strange = [...names].filter((name) => !known.has(name));
    if (strange.length > 0) yield `the translation of ${shown(message)} has ${strange.join(", ")}, which the text does not have`;
    // A form for one or two may say the number in words.
    const lacks = [...known].filter((name) => !names.has(name));
    const isLast = form === translations.length - 1;
    if (lacks.length > (plural === undefined || isLast ? 0 : 1)) yield `the translation of ${shown(message)} lacks ${lacks.join(", ")}`;
    for (const [where, edge] of [["begin", /^\n/], ["end", /\n$/]] as const) {
      if (edge.test(id) !== edge.test(text)) yield `the translation of ${shown(message)} does not ${where} in a new line as the text does`;
    }
  }
} // prettier-ignore

function namesIn(text: string): string[] {
  return text.match(/%\([^)]*\)[a-z]|\{\w*\}/gi)?.map((name) => name.replace(/[a-z]$/i, "")) ?? [];
}

function shown({ id }: Message): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 57)}…` : id);
}
