import { SubjectProcess } from "./subject-process.ts";

/** What is measured: `run` does it `n` times; `close` releases what `open` took. */
export interface Turning {
  run(n: number): Promise<number | void> | number | void;
  close?(): Promise<void> | void;
}

/** One way of doing what a case measures. */
export interface Subject {
  name: string;
  open(): Promise<Turning>;
}

/** A case: Cortado, the reference that ratios are taken over, and peers. */
export interface Case {
  name: string;
  unit: "us" | "ms" | "requests/s" | "instantiations" | "cores" | "r2" | "MB";
  /** What the unit counts, where it is not one turn of the loop: "CPU a request". */
  measures?: string;
  /** The CPU time of this process, or the time on the wall where another process does part of the work. */
  clock?: "cpu" | "wall";
  /** How often it is measured; default 7, of which the best counts. */
  windows?: number;
  /** What the ratio of Cortado must keep to: at most for times, at least for rates. */
  bar: number;
  /** A subject, or several: then the best of them. */
  reference: string | readonly string[];
  subjects: readonly Subject[];
}

export interface Figure {
  subject: string;
  value: number;
}

const windows = 7;

/**
 * Measures a case: subjects take turns, window by window, so that a machine that slows down slows all of them. Each is a process of
 * its own, so that none pays for what another leaves on its heap or its event loop.
 */
export async function measureCase(suite: string, each: Case): Promise<Figure[]> {
  const opened: { process: SubjectProcess; best: number }[] = [];
  for (const { name } of each.subjects) {
    try {
      opened.push({ process: await SubjectProcess.open(suite, each.name, name), best: Number.NaN });
    } catch (error) {
      console.error(`${name} cannot run here: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  for (let i = 0; i < (each.windows ?? windows); i++) {
    for (const subject of opened) {
      const value = await subject.process.window();
      const better = isRate(each) ? Math.max : Math.min;
      subject.best = Number.isNaN(subject.best) ? value : better(subject.best, value);
    }
  }
  for (const subject of opened) await subject.process.close();
  return opened.map(({ process, best }) => ({ subject: process.name, value: best }));
}

/** Prints a case as a table, or as a JSON line for each subject. */
export function printCase(measured: { suite: string; each: Case; figures: readonly Figure[] }, json: boolean): void {
  const { suite, each, figures } = measured;
  const { name, unit, measures, bar, reference } = each;
  const limit = referenceValue(each, figures);
  if (!json) {
    const counted = `${measures ?? (each.clock === "wall" ? "time a turn" : "CPU a turn")}, ${unit}`;
    console.log(
      `\n${suite}/${name}  (${counted}; bar for cortado: ${isRate(each) ? "≥" : "≤"} ${bar} × ${typeof reference === "string" ? reference : "the best peer"})`,
    );
  }
  for (const { subject, value } of figures) {
    const ratio = Number((value / limit).toFixed(3));
    if (json) console.log(JSON.stringify({ suite, case: name, subject, value: Number(value.toFixed(3)), unit, ratio }));
    else console.log(`  ${subject.padEnd(30)} ${value.toFixed(2).padStart(12)}  ×${ratio.toFixed(2)}`);
  }
}

/** Of rates and scores the greatest is the best, of costs the least. */
function isRate({ unit }: Case): boolean {
  return unit === "requests/s" || unit === "r2";
}

function referenceValue(each: Case, figures: readonly Figure[]): number {
  const { reference } = each;
  const values = figures.filter(({ subject }) => [reference].flat().includes(subject)).map(({ value }) => value);
  if (values.length === 0) return Number.NaN;
  return isRate(each) ? Math.max(...values) : Math.min(...values);
}
