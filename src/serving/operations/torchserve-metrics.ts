import { hostname } from "node:os";
import type { MetricFamily } from "./metrics-text.ts";
import type { MeasuredVersion } from "./measured-versions.ts";

/** The same numbers under TorchServe's names. */
export function torchServeMetrics(versions: readonly MeasuredVersion[]): MetricFamily[] {
  const host = hostname();
  const family = (name: string, help: string, value: (version: MeasuredVersion) => number): MetricFamily => ({
    name: `ts_${name}`,
    type: "counter",
    help,
    samples: versions.map((version) => ({
      labels: { model_name: version.model, model_version: version.version, hostname: host },
      value: value(version),
    })),
  });
  return [
    family("inference_requests_total", "Requests", ({ statistics: { success, fail } }) => success.count + fail.count),
    family("inference_latency_microseconds", "Time of requests", ({ statistics }) =>
      Math.round(statistics.success.milliseconds * 1000),
    ),
    family("queue_latency_microseconds", "Time in the queue", ({ statistics }) =>
      Math.round(statistics.queue.milliseconds * 1000),
    ),
  ];
}
