import type { Tally } from "../engines/statistics.ts";
import type { MetricFamily, MetricType } from "./metrics-text.ts";
import type { MeasuredVersion } from "./measured-versions.ts";

type Value = (version: MeasuredVersion) => number | undefined;

const microseconds =
  (tally: (version: MeasuredVersion) => Tally): Value =>
  (version) =>
    Math.round(tally(version).milliseconds * 1000);

const families: readonly [name: string, type: MetricType, help: string, value: Value][] = [
  ["inference_request_success", "counter", "Requests that were answered", ({ statistics }) => statistics.success.count],
  ["inference_request_failure", "counter", "Requests that failed", ({ statistics }) => statistics.fail.count],
  ["inference_count", "counter", "Rows that were run, cached ones left out", ({ statistics }) => statistics.rows],
  ["inference_exec_count", "counter", "Runs, cached ones left out", ({ statistics }) => statistics.runs],
  ["inference_request_duration_us", "counter", "Time of requests", microseconds(({ statistics }) => statistics.success)],
  ["inference_queue_duration_us", "counter", "Time in the queue", microseconds(({ statistics }) => statistics.queue)],
  ["inference_compute_input_duration_us", "counter", "Time of inputs", microseconds(({ statistics }) => statistics.computeInput)],
  [
    "inference_compute_infer_duration_us",
    "counter",
    "Time of the model",
    microseconds(({ statistics }) => statistics.computeInfer),
  ],
  [
    "inference_compute_output_duration_us",
    "counter",
    "Time of outputs",
    microseconds(({ statistics }) => statistics.computeOutput),
  ],
  ["inference_pending_request_count", "gauge", "Requests that wait", ({ waiting }) => waiting],
  ["cache_num_hits_per_model", "counter", "Cache hits", ({ statistics }) => statistics.cacheHit.count],
  ["cache_num_misses_per_model", "counter", "Cache misses", ({ statistics }) => statistics.cacheMiss.count],
];

/** The same numbers under Triton's names, so that dashboards made for it go on. */
export function tritonMetrics(versions: readonly MeasuredVersion[]): MetricFamily[] {
  return families.map(([name, type, help, value]) => ({
    name: `nv_${name}`,
    type,
    help,
    samples: versions.flatMap((version) => {
      const found = value(version);
      return found === undefined ? [] : [{ labels: { model: version.model, version: version.version }, value: found }];
    }),
  }));
}
