import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { TraceSpan } from "../../engines/trace-span.ts";
import { withinSpan } from "../../engines/within-span.ts";
import { servingErrors } from "../../errors.ts";
import { readAnswer } from "./read-answer.ts";
import type { RemoteOptions } from "./remote-options.ts";

/** How many requests go side by side, where the runtime does not say it. */
export const CONNECTIONS = 8;
const RETRIES = 3;
/** Milliseconds before a refused request is sent again, the first time; twice as long each further time. */
const FIRST_PAUSE = 50;
/** Milliseconds for which an engine that could not be reached is not asked again, at first and at most. */
const FIRST_REST = 250;
const LONGEST_REST = 10_000;

export interface RemoteClientOptions extends Pick<RemoteOptions, "headers" | "connections" | "retries"> {
  url: URL;
  /** What Cortado calls the model. */
  model: string;
  /** Milliseconds in which an answer must come. */
  deadline: number;
}

/** A question: a path below the engine's address, and the body of a POST in its parts. */
export interface RemoteQuestion {
  path: string;
  body?: readonly Uint8Array[] | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  /** How the request is called here; the engine is told it. */
  requestId?: string | undefined;
  /** What the question is told below. */
  trace?: TraceSpan | undefined;
}

type Read<T> = (response: IncomingMessage) => Promise<T>;

export interface RemoteAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/**
 * How it works: questions go over connections that are kept. One whose connection was refused, or closed before anything
 * came back, is sent again a few times, a little later each time. An engine that still cannot be reached is left alone
 * for a while, longer each time, and questions meanwhile fail at once; the first that is answered ends that.
 */
export class RemoteClient {
  readonly #options: RemoteClientOptions;
  readonly #agent: HttpAgent;
  readonly #send: typeof httpRequest;
  readonly #base: string;
  #rests = 0;
  #restsUntil = 0;
  #problem: string | undefined;

  constructor(options: RemoteClientOptions) {
    this.#options = options;
    const { url, connections = CONNECTIONS } = options;
    const settings = { keepAlive: true, maxSockets: connections, scheduling: "lifo" } as const;
    this.#base = `${url.href.replace(/\/$/, "")}/`;
    const secure = url.protocol === "https:";
    this.#agent = secure ? new HttpsAgent(settings) : new HttpAgent(settings);
    this.#send = secure ? httpsRequest : httpRequest;
  }

  /** Why the engine does not answer at present: while it is left alone. Then the next question finds out. */
  get problem(): string | undefined {
    if (performance.now() >= this.#restsUntil) return undefined;
    return `The engine that runs it elsewhere does not answer: ${this.#problem}.`;
  }

  /** The whole answer. @throws SERVING_REMOTE_UNREACHABLE, SERVING_DEADLINE, and the signal's reason */
  ask(question: RemoteQuestion): Promise<RemoteAnswer> {
    return this.#told(question, (response) => readAnswer(response, this.#options.model));
  }

  /** The answer while it comes, where it is one of 200; whoever takes it reads it to its end or destroys it. @throws as `ask` */
  open(question: RemoteQuestion): Promise<IncomingMessage | RemoteAnswer> {
    const { model } = this.#options;
    return this.#told(question, async (response) => (response.statusCode === 200 ? response : readAnswer(response, model)));
  }

  /** The engine is told the request's name and trace, so that its own logs and spans can be found. */
  #told<T>({ trace, requestId, ...question }: RemoteQuestion, read: Read<T>): Promise<T> {
    const { url } = this.#options;
    const attributes = { "server.address": url.host, "url.path": question.path };
    return withinSpan(trace, { name: "engine", attributes, asksElsewhere: true }, (span) => {
      const headers: Record<string, string> = { ...question.headers, ...span?.headers };
      if (requestId !== undefined) headers["x-request-id"] = requestId;
      return this.#ask({ ...question, headers }, read);
    });
  }

  async #ask<T>(question: RemoteQuestion, read: Read<T>): Promise<T> {
    const { model, deadline, retries = RETRIES } = this.#options;
    const started = performance.now();
    if (started < this.#restsUntil) throw servingErrors.SERVING_REMOTE_UNREACHABLE({ model, problem: this.#problem ?? "" });
    for (let attempt = 0; ; attempt++) {
      question.signal?.throwIfAborted();
      const left = deadline - (performance.now() - started);
      if (left <= 0) throw servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline });
      try {
        const answer = await this.#once(question, left, read);
        this.#rests = 0;
        this.#problem = undefined;
        return answer;
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        const pause = error.stale ? 0 : FIRST_PAUSE * 2 ** attempt;
        if (attempt >= retries || pause >= left) throw this.#unreachable(error);
        await sleep(pause, undefined, { signal: question.signal });
      }
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once<T>({ path, body, headers, signal }: RemoteQuestion, milliseconds: number, read: Read<T>): Promise<T> {
    const { model, deadline, headers: own } = this.#options;
    const length = body?.reduce((sum, part) => sum + part.byteLength, 0);
    return new Promise((resolve, reject) => {
      const sent = this.#send(this.#base + path, {
        agent: this.#agent,
        method: body === undefined ? "GET" : "POST",
        headers: { ...own, ...headers, ...(length === undefined ? {} : { "content-length": length }) },
      });
      const late = setTimeout(
        () => sent.destroy(servingErrors.SERVING_DEADLINE({ model, milliseconds: deadline })),
        milliseconds,
      );
      const leave = () => void sent.destroy(signal!.reason as Error);
      const done = () => {
        clearTimeout(late);
        signal?.removeEventListener("abort", leave);
      };
      signal?.addEventListener("abort", leave, { once: true });
      let answered = false;
      const fail = (error: NodeJS.ErrnoException) => {
        done();
        const lost = !answered && lostBy(error, sent.reusedSocket);
        reject(lost ? new ConnectionLost(error, sent.reusedSocket) : this.#asFailure(error, signal));
      };
      sent.on("error", fail);
      sent.once("response", (response) => {
        answered = true;
        read(response).then(
          (answer) => (done(), resolve(answer)),
          (error: Error) => (sent.destroy(), fail(error)),
        );
      });
      for (const part of body ?? []) sent.write(part);
      sent.end();
    });
  }

  /** What went wrong on the way, told as such: a deadline and a caller who left are what they are. */
  #asFailure(error: NodeJS.ErrnoException, signal: AbortSignal | undefined): Error {
    if (signal?.aborted || error.code?.startsWith("SERVING_")) return error;
    const problem = `could not be asked, or did not answer to the end (${error.code ?? error.name})`;
    return servingErrors.SERVING_REMOTE_FAILED({ model: this.#options.model, problem, cause: error });
  }

  #unreachable({ code, cause }: ConnectionLost): Error {
    this.#problem = code;
    const now = performance.now();
    // Questions that fail together count as one.
    if (now >= this.#restsUntil) this.#restsUntil = now + Math.min(FIRST_REST * 2 ** this.#rests++, LONGEST_REST);
    return servingErrors.SERVING_REMOTE_UNREACHABLE({ model: this.#options.model, problem: this.#problem, cause });
  }
}

/** A connection was refused or closed before anything came back, so the question can be sent again. */
class ConnectionLost extends Error {
  readonly code: string;
  /** It had been kept for too long: the other side had closed it meanwhile. */
  readonly stale: boolean;

  constructor(cause: NodeJS.ErrnoException, stale: boolean) {
    super(cause.message, { cause });
    this.code = words[cause.code ?? ""] ?? `${cause.code}`;
    this.stale = stale;
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refuses the connection",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name is not known",
  ECONNRESET: "it closed the connection",
  ETIMEDOUT: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  EPIPE: "it closed the connection",
};

/** A new connection that is reset may have done its work already; one that was kept may not have been looked at. */
function lostBy({ code = "" }: NodeJS.ErrnoException, reused: boolean): boolean {
  if (code === "ECONNRESET" || code === "EPIPE") return reused;
  return Object.hasOwn(words, code);
}
