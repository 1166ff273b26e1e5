import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly result?: any;
}

/** The compiler as editors talk to it. */
export class LanguageServer {
  readonly #folder: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: any) => void>();
  #received = Buffer.alloc(0);
  #asked = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#process = spawn(process.execPath, [compiler, "--lsp", "--stdio"], { cwd: folder });
    this.#process.stdout.on("data", (data: Buffer) => this.#receive(data));
  }

  async start(): Promise<void> {
    const capabilities = { textDocument: { completion: { completionItem: {} } } };
    await this.#ask("initialize", { processId: process.pid, rootUri: pathToFileURL(this.#folder).href, capabilities });
    this.#send({ method: "initialized", params: {} });
  }

  /** What an editor offers where a text has `|`. */
  async completions(file: string, marked: string): Promise<string[]> {
    const uri = pathToFileURL(join(this.#folder, file)).href;
    const at = marked.indexOf("|");
    const before = marked.slice(0, at).split("\n");
    const textDocument = { uri, languageId: "typescript", version: 1, text: marked.slice(0, at) + marked.slice(at + 1) };
    this.#send({ method: "textDocument/didOpen", params: { textDocument } });
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    const found = await this.#ask("textDocument/completion", { textDocument: { uri }, position });
    const items = (found?.items ?? found ?? []) as { label: string }[];
    return items.map(({ label }) => label.replace(/(?<=.)\?$/, ""));
  }

  stop(): void {
    this.#process.kill();
  }

  #ask(method: string, params: unknown): Promise<any> {
    this.#asked += 1;
    const id = this.#asked;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const size = Number(/Content-Length: (\d+)/i.exec(this.#received.toString("utf8", 0, end))![1]);
      if (this.#received.length < end + 4 + size) return;
      this.#read(JSON.parse(this.#received.toString("utf8", end + 4, end + 4 + size)) as Message);
      this.#received = this.#received.subarray(end + 4 + size);
    }
  }
  #read({ id, method, params, result }: Message): void {
    if (id === undefined) return;
    // Questions of its own: how it is configured, which files to watch.
    if (method !== undefined) this.#send({ id, result: params?.items?.map(() => ({})) ?? null });
    else this.#waiting.get(id)?.(result);
  }
}
