import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What came of one request. */
export interface Outcome {
  /** 0 where there was no answer at all. */
  status: number;
  body: any;
  retryAfter: string | undefined;
  /** When it was sent, and how many milliseconds it took. */
  sent: number;
  took: number;
}

/** Callers that each keep a connection open. */
export class Callers {
  readonly #agent: Agent;
  readonly #url: string;
  #over = false;
  #working: Promise<void>[] = [];

  constructor(url: string) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 2000 });
  }

  ask(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<Outcome> {
    const sent = performance.now();
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const done = (status: number, given: any, retryAfter?: string) =>
        resolve({ status, body: given, retryAfter, sent, took: performance.now() - sent });
      const asked = request(`${this.#url}${path}`, {
        method,
        agent: this.#agent,
        headers: { authorization: "Bearer a-token-of-this-test", ...(text && { "content-type": "application/json" }) },
      });
      asked.on("error", (error) => done(0, error));
      asked.on("response", (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (answer += chunk));
        response.on("error", (error) => done(0, error));
        response.on("end", () => {
          const isJson = response.headers["content-type"]?.includes("json");
          done(response.statusCode!, isJson ? JSON.parse(answer) : answer, response.headers["retry-after"]);
        });
      });
      asked.end(text);
    });
  }

  /** Has so many callers ask again and again, each when it has its answer, until `stop`. */
  repeat(callers: number, work: () => Promise<unknown>, pause = 0): void {
    for (let i = 0; i < callers; i++)
      this.#working.push(
        (async () => {
          while (!this.#over) {
            await work();
            if (pause > 0) await sleep(pause);
          }
        })(),
      );
  }

  /** Ends what repeats; fulfilled when every answer is there. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#working);
    this.#over = false;
    this.#working = [];
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The value below which so large a part of the numbers is. */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}
