import type { TrainerNews } from "../trainers/training-job.ts";

/** Milliseconds between two sendings of what changes all the time. */
const sendEvery = 200;
/** The most points of one metric in a sending: a curve keeps its shape, and a fast training does not flood its owner. */
const mostPoints = 20;

/** Sends news on a few times a second: every line of the log at once, of progress the latest, of metrics evenly spread points. */
export class NewsSender {
  readonly #send: (news: TrainerNews) => void;
  readonly #points = new Map<string, TrainerNews[]>();
  #progress: TrainerNews | undefined;
  /** The last value of every metric. */
  readonly lastMetrics: Record<string, number> = {};
  #sentAt = -Infinity;
  #planned: NodeJS.Timeout | undefined;

  constructor(send: (news: TrainerNews) => void) {
    this.#send = send;
  }

  tell(news: TrainerNews): void {
    if (news.type === "log") {
      this.#send(news);
      return;
    }
    if (news.type === "metric") this.#keepPoint(news);
    else this.#progress = news;
    if (performance.now() - this.#sentAt >= sendEvery) this.flush();
    // A trainer may be silent for long after this.
    else this.#planned ??= setTimeout(() => this.flush(), sendEvery).unref();
  }

  flush(): void {
    for (const points of this.#points.values()) for (const point of spread(points)) this.#send(point);
    this.#points.clear();
    if (this.#progress) this.#send(this.#progress);
    this.#progress = undefined;
    this.#sentAt = performance.now();
    clearTimeout(this.#planned);
    this.#planned = undefined;
  }

  #keepPoint(news: Extract<TrainerNews, { type: "metric" }>): void {
    this.lastMetrics[news.name] = news.value;
    const points = this.#points.get(news.name);
    if (points) points.push(news);
    else this.#points.set(news.name, [news]);
  }
}

/** At most `mostPoints` of them, evenly spread, the last one always among them. */
function spread(points: readonly TrainerNews[]): TrainerNews[] {
  const step = Math.max(1, points.length / mostPoints);
  const wanted = Math.ceil(points.length / step);
  return Array.from({ length: wanted }, (_, i) => points[points.length - 1 - Math.floor(i * step)]!).reverse();
}
