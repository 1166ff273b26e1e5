import { resolve } from "node:path";
import type { Mode, ProjectSettings } from "#kernel";
import { SmtpMailer } from "./backends/smtp.ts";
import { useMailers } from "./current-mailers.ts";
import { mailErrors } from "./errors.ts";
import type { MailBackend } from "./mail-backend.ts";
import { MemoryMailer } from "./outbox.ts";
import { ConsoleMailer, DummyMailer, FileMailer } from "./text-mailers.ts";

declare module "#kernel" {
  interface ProjectSettings {
    /**
     * Where messages go, by alias: `{ default: "smtp://user:password@mail.example.com:587" }`; also `console:`, `file:var/mail`,
     * `memory:`, `dummy:`, or a backend of one's own. Left out, development prints them; production has no mailer.
     */
    mailers?: Readonly<Record<string, string | MailBackend>> | undefined;
    /** Who sends messages that name no sender: `Shop <shop@example.com>`. */
    mailFrom?: string | undefined;
    /** Who sends messages about errors; `mailFrom` where left out. */
    serverMailFrom?: string | undefined;
    /** Before the subject of messages to admins and managers: `[Cortado] `. */
    mailSubjectPrefix?: string | undefined;
    /** Who is told of errors: `Ada <ada@example.com>`. */
    admins?: readonly string[] | undefined;
    /** Who is told of broken links, and of what `mailManagers` says. */
    managers?: readonly string[] | undefined;
  }
}

const makers: Readonly<Record<string, (url: string, root: string) => MailBackend>> = {
  "console:": () => new ConsoleMailer(),
  "memory:": () => new MemoryMailer(),
  "dummy:": () => new DummyMailer(),
  "file:": (url, root) => new FileMailer(resolve(root, url.slice("file:".length))),
  "smtp:": (url, root) => new SmtpMailer(url, root),
  "smtps:": (url, root) => new SmtpMailer(url, root),
};

/**
 * The mailer at an address.
 *
 * ```ts
 * useMailers({ default: openMailer("file:var/mail", import.meta.dirname) });
 * ```
 * @throws MAIL_BAD_MAILER
 */
export function openMailer(url: string, root: string): MailBackend {
  const scheme = url.slice(0, url.indexOf(":") + 1);
  const make = Object.hasOwn(makers, scheme) ? makers[scheme] : undefined;
  if (make === undefined) throw mailErrors.MAIL_BAD_MAILER({ url, problem: "nothing sends there", known: Object.keys(makers) });
  return make(url, root);
}

/** Which mailers a project has: in tests, every one of them keeps messages in memory. */
function declaredMailers({ mailers, mode }: ProjectSettings): Readonly<Record<string, string | MailBackend>> {
  const usual: Partial<Record<Mode, string>> = { development: "console:", test: "memory:" };
  const declared = mailers ?? (usual[mode] === undefined ? {} : { default: usual[mode] });
  return mode === "test"
    ? Object.fromEntries(Object.keys({ default: "", ...declared }).map((alias) => [alias, "memory:"]))
    : declared;
}

/** Opens the mailers of a project, and makes them those that messages find. Gives the function that lets their connections go. */
export function openMailers(settings: ProjectSettings): () => Promise<void> {
  const opened = Object.entries(declaredMailers(settings)).map(
    ([alias, mailer]) => [alias, typeof mailer === "string" ? openMailer(mailer, settings.root) : mailer] as const,
  );
  useMailers(Object.fromEntries(opened), {
    from: settings.mailFrom ?? (settings.mode === "production" ? undefined : "webmaster@localhost"),
    serverFrom: settings.serverMailFrom,
    subjectPrefix: settings.mailSubjectPrefix,
    admins: settings.admins,
    managers: settings.managers,
  });
  return async () => {
    for (const [, mailer] of opened) await mailer.close?.();
  };
}
