/** A point of a line: a step of the training and the value there. */
export type Point = readonly [step: number, value: number];

const width = 560;
const top = 10;
const height = 150;

/** The lines of a chart, as paths in a field of 560 by 180 (the same scale as assets/admin/runs.js). */
export function chartPaths(lines: Readonly<Record<string, readonly Point[]>>): Record<string, string> {
  const points = Object.values(lines).flat();
  const steps = points.map(([step]) => step);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  const x = (step: number) => (first === last ? 0 : ((step - first) / (last - first)) * width);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) => top + (high === low ? height / 2 : ((high - value) / (high - low)) * height);
  return Object.fromEntries(
    Object.entries(lines).map(([name, line]) => [
      name,
      line.map(([step, value], i) => `${i === 0 ? "M" : "L"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join(""),
    ]),
  );
}
