import { histogramSamples } from "./histogram-samples.ts";
import type { MetricFamily, Sample } from "./metrics-text.ts";
import type { MeasuredVersion } from "./measured-versions.ts";

/** The same numbers under TensorFlow Serving's names. Times are microseconds. */
export function tensorFlowServingMetrics(versions: readonly MeasuredVersion[]): MetricFamily[] {
  const counts = versions.flatMap(({ model, statistics: { success, fail } }): Sample[] => [
    { labels: { model_name: model, status: "OK" }, value: success.count },
    { labels: { model_name: model, status: "ERROR" }, value: fail.count },
  ]);
  return [
    { name: ":tensorflow:serving:request_count", type: "counter", help: "Requests", samples: byLabels(counts) },
    {
      name: ":tensorflow:serving:request_latency",
      type: "histogram",
      help: "Time of requests",
      samples: byLabels(versions.flatMap(latencies)),
    },
  ];
}

function latencies({ model, statistics }: MeasuredVersion): Sample[] {
  return histogramSamples(statistics, { model_name: model, API: "Predict", entrypoint: "REST" }, 1000);
}

/** These names know no versions: those of a model are added up. */
function byLabels(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.suffix, sample.labels]);
    const known = sums.get(key);
    sums.set(key, { ...sample, value: sample.value + (known?.value ?? 0) });
  }
  return [...sums.values()];
}
