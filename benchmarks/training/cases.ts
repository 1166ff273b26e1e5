import { join } from "node:path";
import { TableBuilder } from "../../src/registry/tabular/table.ts";
import { tabularParameters } from "../../src/registry/tabular/tabular-parameters.ts";
import { TabularTraining } from "../../src/registry/tabular/tabular-training.ts";
import type { Case, Subject } from "../measure.ts";
import { openPython, pythonEnvironment } from "../python-process.ts";
import { features, numbers, numbersFile, rows } from "./table.ts";

const names = [...Array.from({ length: features }, (_, i) => `x${i}`), "y"];

interface Trained {
  /** CPU microseconds. */
  time: number;
  /** The share of the target's variance that the model explains in rows that it has not seen. */
  r2: number;
}

/** The trainer alone, on rows that are in memory, as the other is. */
function trainCortado(): () => Promise<Trained> {
  const builder = new TableBuilder(names);
  const table = numbers();
  for (let row = 0; row < rows; row++) builder.add(Array.from(table.subarray(row * names.length, (row + 1) * names.length)));
  const columns = builder.finish();
  return async () => {
    const before = process.cpuUsage();
    const training = new TabularTraining({ model: "bench", target: "y" }, columns, { parameters: tabularParameters.parse({}) });
    while (!training.finished) training.step();
    const { metrics } = training.result();
    const { user, system } = process.cpuUsage(before);
    return { time: user + system, r2: metrics["r2"]! };
  };
}

async function trainSklearn(): Promise<() => Promise<Trained>> {
  const python = join(pythonEnvironment("sklearn", { packages: ["scikit-learn"] }), "bin/python");
  const words = [join(import.meta.dirname, "boosting.py"), numbersFile(), String(rows), String(features)];
  const ask = openPython(python, words);
  return async () => {
    const [time, r2] = (await ask("train")).split(" ").map(Number);
    return { time: time!, r2: r2! };
  };
}

function subjects(figure: (trained: Trained) => number): Subject[] {
  const subject = (name: string, open: () => Promise<() => Promise<Trained>>): Subject => ({
    name,
    async open() {
      const train = await open();
      return { run: async () => figure(await train()) };
    },
  });
  return [subject("cortado", async () => trainCortado()), subject("scikit-learn", trainSklearn)];
}

export const cases: readonly Case[] = [
  {
    name: "tabular",
    unit: "ms",
    measures: "CPU a training of 100,000 rows of 20 columns",
    windows: 3,
    bar: 1.5,
    reference: "scikit-learn",
    subjects: subjects(({ time }) => time / 1000),
  },
  {
    name: "tabular-score",
    unit: "r2",
    measures: "the same training's score",
    windows: 1,
    bar: 0.99,
    reference: "scikit-learn",
    subjects: subjects(({ r2 }) => r2),
  },
];
