/** How many runs of a size are needed before anything is concluded from them. The first is not counted. */
const ENOUGH = 3;
/** A larger batch hurts when a row of it takes so many times as long as in a smaller one … */
const HURTS = 1.15;
/** … and by more milliseconds a row than a clock's noise. */
const NOISE = 0.02;
/** By how much a run may be slower than the one before, to be believed: what else a machine does only ever makes runs longer. */
const SLOWER = 1.05;
/** Milliseconds in which a run is handed over and its answer taken. */
const HAND_OVER = 0.05;
/** Runs between two trials of another size: soon while little is known, rarely later. */
const FIRST_TRIAL = 8;
const RAREST_TRIAL = 1024;

interface SizeTimes {
  runs: number;
  /** Milliseconds of one row, without what the machine did besides. */
  row: number;
}

/**
 * How it works: what a row takes is measured for each size of batch, in steps of two. Batches are filled up to the largest size
 * that does not take longer a row than another; for many models that is the whole size, for some it is one row. Now and
 * then a run is given another size, so that sizes that load never makes by itself are known too, and old figures are renewed.
 */
export class BatchTuner {
  readonly #maxSize: number;
  readonly #measures: boolean;
  readonly #times: SizeTimes[] = [];
  #limit: number;
  #untilTrial = FIRST_TRIAL;
  #between = FIRST_TRIAL;
  #trials = 0;

  /** Where it is not to be `adaptive`, batches are filled whatever they take. */
  constructor(maxSize: number, adaptive: boolean) {
    this.#maxSize = maxSize;
    this.#measures = adaptive && maxSize > 1;
    this.#limit = maxSize;
  }

  /** What measurement leaves of the greatest size. */
  get limit(): number {
    return this.#limit;
  }

  /** The most rows of the next run, when so many wait. */
  next(waiting: number): number {
    if (!this.#measures || waiting < 2 || --this.#untilTrial > 0) return this.#limit;
    const size = this.#trialSize();
    const known = (this.#times[stepOf(size)]?.runs ?? 0) >= ENOUGH;
    this.#between = known ? Math.min(this.#between * 2, RAREST_TRIAL) : FIRST_TRIAL;
    this.#untilTrial = this.#between;
    return size;
  }

  /** Takes the time of a run. */
  ran(rows: number, milliseconds: number): void {
    if (!this.#measures || rows < 1 || rows > this.#maxSize) return;
    const step = stepOf(rows);
    const row = (milliseconds + HAND_OVER) / rows;
    const times = (this.#times[step] ??= { runs: 0, row });
    // The first run of a size is one of its own: memory is set aside, code is made.
    if (++times.runs === 2) times.row = row;
    else times.row = Math.min(row, times.row * SLOWER);
    const best = times.runs < ENOUGH ? this.#limit : this.#best();
    if (best === this.#limit) return;
    this.#limit = best;
    this.#between = this.#untilTrial = FIRST_TRIAL;
  }

  /** Half the present size, twice of it, and one row, in turn. */
  #trialSize(): number {
    const half = Math.max(1, 2 ** (stepOf(this.#limit) - 1));
    const twice = Math.min(2 * this.#limit, this.#maxSize);
    const sizes = [half, twice, 1].filter((size) => size !== this.#limit);
    return sizes[this.#trials++ % sizes.length]!;
  }

  /** The largest size whose rows take no longer than those of the quickest; the greatest, where no larger one is known to hurt. */
  #best(): number {
    const known = this.#times.map(({ runs, row }) => (runs >= ENOUGH ? row : undefined));
    const least = known.reduce<number>((a, b) => Math.min(a, b ?? a), Number.POSITIVE_INFINITY);
    const good = known.findLastIndex((row) => row !== undefined && row <= Math.max(least * HURTS, least + NOISE));
    const last = known.findLastIndex((row) => row !== undefined);
    return good === last ? this.#maxSize : Math.min(2 ** good, this.#maxSize);
  }
}

/** 0 for one row, 1 for two, 2 for three and four, 3 up to eight, … */
function stepOf(rows: number): number {
  return 32 - Math.clz32(rows - 1);
}
