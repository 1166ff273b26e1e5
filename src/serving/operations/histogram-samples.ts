import { durationBounds } from "../engines/durations.ts";
import type { VersionStatistics } from "../engines/statistics.ts";
import type { Sample } from "./metrics-text.ts";

/** How long the answers of a version took, as the lines of a histogram. `unit` is how many of the unit a millisecond has. */
export function histogramSamples({ durations, success }: VersionStatistics, labels: Sample["labels"], unit: number): Sample[] {
  let below = 0;
  const buckets = durations.map((count, at): Sample => {
    const bound = durationBounds[at];
    const le = bound === undefined ? "+Inf" : String(bound * unit);
    return { suffix: "_bucket", labels: { ...labels, le }, value: (below += count) };
  });
  return [
    ...buckets,
    { suffix: "_sum", labels, value: success.milliseconds * unit },
    { suffix: "_count", labels, value: success.count },
  ];
}
