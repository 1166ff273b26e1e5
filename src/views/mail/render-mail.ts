import { overrideLanguage } from "#kernel/i18n";
import { EmailMessage, type EmailOptions } from "#mail";
import { Engine, TemplateDoesNotExist } from "#templates";
import { viewsErrors } from "../errors.ts";

/** What `renderMail()` takes beside a template's name and context: all that a message has but its text. */
export interface RenderMailOptions extends Omit<EmailOptions, "body" | "html"> {
  /** The language of whom it goes to; that of what runs, where left out. */
  language?: string | undefined;
  /** The engine that renders it; the project's own by default. */
  using?: Engine | undefined;
}

let current: Engine | undefined;
/** The engine for text, in which nothing is escaped, of each engine for pages. */
const textEngines = new WeakMap<Engine, Engine>();

/** Sets the engine that messages are rendered by; a project does so when it opens. */
export function useMailTemplates(engine: Engine): void {
  current = engine;
}

/**
 * A message from templates: `shop/welcome.txt` and `shop/welcome.html`, of which one is enough, and `shop/welcome.subject.txt`
 * where the subject is not given. Nothing is escaped in what ends in `.txt`.
 *
 * ```ts
 * const message = await renderMail("shop/welcome", { user }, { to: user.email, language: "ko" });
 * await message.send();
 * ```
 * @throws TemplateDoesNotExist, VIEWS_NO_MAIL_TEMPLATES
 */
export async function renderMail(
  name: string,
  context: Record<string, unknown> = {},
  { language, using = current, ...email }: RenderMailOptions = {},
): Promise<EmailMessage> {
  if (using === undefined) throw viewsErrors.VIEWS_NO_MAIL_TEMPLATES({ name });
  const render = () => message(using, { name, context }, email);
  return language === undefined ? render() : overrideLanguage(language, render);
}

async function message(
  engine: Engine,
  { name, context }: { name: string; context: Record<string, unknown> },
  email: EmailOptions,
): Promise<EmailMessage> {
  const text = textEngine(engine);
  const has = (end: string): boolean => exists(text, `${name}${end}`);
  const subject = email.subject ?? (has(".subject.txt") ? await text.render(`${name}.subject.txt`, context) : "");
  const html = has(".html") ? await engine.render(`${name}.html`, context) : undefined;
  const body = has(".txt") || html === undefined ? await text.render(`${name}.txt`, context) : "";
  // A template ends in a line break, and a subject is one line.
  return new EmailMessage({
    ...email,
    subject: String(subject)
      .trim()
      .replaceAll(/\s*\n\s*/g, " "),
    body: body.trim(),
    html,
  });
}

function textEngine(engine: Engine): Engine {
  const known = textEngines.get(engine);
  if (known !== undefined) return known;
  const made = new Engine({ ...engine.options, autoescape: false });
  textEngines.set(engine, made);
  return made;
}

function exists(engine: Engine, name: string): boolean {
  try {
    engine.getTemplate(name);
    return true;
  } catch (error) {
    if (error instanceof TemplateDoesNotExist) return false;
    throw error;
  }
}
