import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Delivery, MailBackend } from "./mail-backend.ts";

/** Writes messages to the terminal: `console:`. */
export class ConsoleMailer implements MailBackend {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void = (text) => void process.stdout.write(text)) {
    this.#write = write;
  }

  async deliver({ raw }: Delivery): Promise<void> {
    this.#write(`${raw.toString().replaceAll("\r\n", "\n")}\n${"-".repeat(79)}\n`);
  }
}

/** Writes each message into a file of its own, which mail programs open: `file:var/mail`. */
export class FileMailer implements MailBackend {
  readonly directory: string;
  #count = 0;

  constructor(directory: string) {
    this.directory = directory;
  }

  async deliver({ raw }: Delivery): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const moment = new Date().toISOString().replaceAll(/[-:.]/g, "");
    await writeFile(join(this.directory, `${moment}-${process.pid}-${++this.#count}.eml`), raw, { flag: "wx", mode: 0o600 });
  }
}

/** Takes messages and forgets them: `dummy:`. */
export class DummyMailer implements MailBackend {
  async deliver(): Promise<void> {}
}
