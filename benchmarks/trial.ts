/** One of the figures of a trial. */
export interface TrialFigure {
  /** What it counts: "failed requests". */
  what: string;
  value: number;
  unit: string;
  /** What it must keep to, at most; without it, the figure is told and not judged. */
  limit?: number;
}

/** A bar that is no race: something is done to Cortado once, and several figures come of it. Each is held against its own limit. */
export interface Trial {
  name: string;
  /** What is done. */
  measures: string;
  /** Does it for so many seconds, or as often as that is. */
  run(seconds: number): Promise<readonly TrialFigure[]>;
  /** How many seconds, where nobody says it. */
  seconds: number;
}

/** Runs a trial and prints its figures as a table, or as a JSON line each. A ratio is the figure over its limit; over a limit of 0 it is the figure. */
export async function runTrial(suite: string, trial: Trial, { json, seconds }: TrialOptions): Promise<void> {
  const figures = await trial.run(seconds ?? trial.seconds);
  if (!json) console.log(`\n${suite}/${trial.name}  (${trial.measures})`);
  for (const { what, value, unit, limit } of figures) {
    const ratio = limit === undefined ? undefined : Number((limit === 0 ? value : value / limit).toFixed(3));
    if (json) {
      console.log(
        JSON.stringify({ suite, case: trial.name, subject: `cortado, ${what}`, value: Number(value.toFixed(3)), unit, ratio }),
      );
      continue;
    }
    const judged =
      limit === undefined ? "" : `  ×${ratio!.toFixed(2).padEnd(7)} ${value <= limit ? "within" : "MISSES"} ≤ ${limit}`;
    console.log(`  ${`${what}, ${unit}`.padEnd(50)} ${value.toFixed(2).padStart(12)}${judged}`);
  }
}

interface TrialOptions {
  json: boolean;
  /** How many seconds it lasts, instead of its own. */
  seconds: number | undefined;
}
