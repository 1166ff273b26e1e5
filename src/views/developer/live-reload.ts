/*
 * How it works. In development a middleware puts a script before `</body>` of pages. The script listens to events of this
 * process: at first who it is — a browser that was connected to another process loads its page anew — then what changed.
 * A style sheet is exchanged in place, anything else loads the page again. Files are watched from the first listener on,
 * so a project that no browser looks at costs nothing. What is streamed or compressed is sent as it is.
 */
import { eventStream, type HttpRequest, type HttpResponse, type Middleware, type ServerEvent, staticUrl } from "#http";
import { escapeHtml } from "#templates";

/** Begins to tell of files that change, by their paths. Gives the function that ends it. */
export type WatchFiles = (onChange: (file: string) => void) => () => void;

/** Milliseconds in which several changes are one. */
const settleMs = 60;

/** Tells browsers that something changed. */
export class LiveReload {
  readonly #watch: WatchFiles;
  readonly #address: () => string;
  /** Names this process: another one has other code. */
  readonly #process = `${process.pid}-${Date.now()}`;
  readonly #listeners = new Set<(file: string) => void>();
  #stop: (() => void) | undefined;

  constructor({ watch, address }: { watch: WatchFiles; address: () => string }) {
    this.#watch = watch;
    this.#address = address;
  }

  /** The events: `process` once, then `change` with the path of each file. */
  readonly events = (request: HttpRequest): HttpResponse => eventStream(request, ({ signal }) => this.#tell(signal));

  /**
   * Puts the script into pages. It stands next to the views: what stands further out — a policy for scripts, compression —
   * sees the page as it is sent.
   */
  readonly middleware: Middleware = async (request, next) => {
    const response = await next();
    if (response.complete === undefined) this.#insert(request, response);
    else {
      const complete = response.complete.bind(response);
      response.complete = async () => {
        await complete();
        this.#insert(request, response);
      };
    }
    return response;
  };

  #insert(request: HttpRequest, response: HttpResponse): void {
    if (typeof response.body !== "string" || !isPage(response)) return;
    const at = [...response.body.matchAll(/<\/body\s*>/gi)].at(-1)?.index;
    if (at === undefined) return;
    response.body = response.body.slice(0, at) + this.#script(nonceOf(request, response)) + response.body.slice(at);
    delete response.headers["content-length"];
  }

  /** Ends the watching. */
  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #script(nonce: string | undefined): string {
    const source = escapeHtml(staticUrl("cortado/live-reload.js"));
    const allowed = nonce === undefined ? "" : ` nonce="${escapeHtml(nonce)}"`;
    return `<script src="${source}" data-events="${escapeHtml(this.#address())}"${allowed} defer></script>`;
  }

  async *#tell(signal: AbortSignal): AsyncGenerator<ServerEvent> {
    yield { event: "process", data: this.#process };
    const changed = new Set<string>();
    let wake: (() => void) | undefined;
    const listener = (file: string) => {
      changed.add(file);
      wake?.();
    };
    const onAbort = () => wake?.();
    signal.addEventListener("abort", onAbort);
    this.#listeners.add(listener);
    this.#stop ??= this.#watch((file) => this.#listeners.forEach((tell) => tell(file)));
    try {
      while (!signal.aborted) {
        if (changed.size === 0) await new Promise<void>((resolve) => (wake = resolve));
        await new Promise((resolve) => void setTimeout(resolve, settleMs).unref());
        for (const file of changed) yield { event: "change", data: file };
        changed.clear();
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener("abort", onAbort);
    }
  }
}

function isPage(response: HttpResponse): boolean {
  const isHtml = /^text\/html\b/i.test(response.header("content-type") ?? "");
  return isHtml && response.header("content-encoding") === undefined && !isSandboxed(response);
}

/** Whether the page's own policy runs no scripts at all, as that of a message's HTML. */
function isSandboxed(response: HttpResponse): boolean {
  const sandbox = /(?:^|;)\s*sandbox\b([^;]*)/i.exec(response.header("content-security-policy") ?? "");
  return sandbox !== null && !sandbox[1]!.includes("allow-scripts");
}

/** The nonce that the page's policy asks scripts for, or will ask for. */
function nonceOf(request: HttpRequest, response: HttpResponse): string | undefined {
  const own = response.header("content-security-policy");
  if (own !== undefined) return /'nonce-([\w+/=-]+)'/.exec(own)?.[1];
  const { csp, cspReportOnly } = request.services.settings.security ?? {};
  return csp === undefined && cspReportOnly === undefined ? undefined : request.cspNonce;
}
