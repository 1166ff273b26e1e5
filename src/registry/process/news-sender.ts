import type { TrainerNews } from "../trainers/training-job.ts";

/** Milliseconds between two sendings of what changes all the time. */
const sendEvery = 200;

/** Sends news on: every line of the log, but of progress and metrics only the latest, a few times a second. */
export class NewsSender {
  readonly #send: (news: TrainerNews) => void;
  readonly #waiting = new Map<string, TrainerNews>();
  /** The last value of every metric. */
  readonly lastMetrics: Record<string, number> = {};
  #sentAt = -Infinity;

  constructor(send: (news: TrainerNews) => void) {
    this.#send = send;
  }

  tell(news: TrainerNews): void {
    if (news.type === "log") {
      this.#send(news);
      return;
    }
    if (news.type === "metric") this.lastMetrics[news.name] = news.value;
    this.#waiting.set(news.type === "metric" ? `metric ${news.name}` : news.type, news);
    if (performance.now() - this.#sentAt >= sendEvery) this.flush();
  }

  flush(): void {
    for (const news of this.#waiting.values()) this.#send(news);
    this.#waiting.clear();
    this.#sentAt = performance.now();
  }
}
