import type { PredictionEvent, PredictionObserver } from "./prediction-event.ts";

/** Who is told of every request. With nobody there it costs nothing. */
export class PredictionLog {
  readonly #observers = new Set<PredictionObserver>();

  get observed(): boolean {
    return this.#observers.size > 0;
  }

  add(observer: PredictionObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  tell(event: Omit<PredictionEvent, "total">, started: number): void {
    if (this.#observers.size === 0) return;
    const told = { ...event, total: performance.now() - started };
    for (const observer of this.#observers) observer(told);
  }
}
