import { mailErrors } from "./errors.ts";
import type { MailBackend } from "./mail-backend.ts";

/** What messages have in common in a project. */
export interface MailDefaults {
  /** Who sends messages that name no sender. */
  readonly from?: string | undefined;
  /** Who sends messages about errors. */
  readonly serverFrom?: string | undefined;
  /** Before the subject of messages to admins and managers: `[Cortado] `. */
  readonly subjectPrefix?: string | undefined;
  readonly admins?: readonly string[] | undefined;
  readonly managers?: readonly string[] | undefined;
}

let current: Readonly<Record<string, MailBackend>> = {};
let defaults: MailDefaults = {};

/** Sets the mailers that messages find; a project does so when it opens, a test may. */
export function useMailers(mailers: Readonly<Record<string, MailBackend>>, shared: MailDefaults = {}): void {
  current = mailers;
  defaults = shared;
}

/** An open mailer. @throws MAIL_UNKNOWN_MAILER */
export function mailer(alias = "default"): MailBackend {
  const found = Object.hasOwn(current, alias) ? current[alias] : undefined;
  if (found === undefined) throw mailErrors.MAIL_UNKNOWN_MAILER({ alias, known: Object.keys(current) });
  return found;
}

/** What messages have in common in the open project. */
export function mailDefaults(): MailDefaults {
  return defaults;
}

/** Who sends messages that name no sender; undefined where the project does not say. */
export function defaultSender(): string | undefined {
  return defaults.from;
}
