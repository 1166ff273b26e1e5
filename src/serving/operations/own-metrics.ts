import type { Tally } from "../engines/statistics.ts";
import type { ModelServer } from "../models/model-server.ts";
import type { PredictionTally } from "../models/prediction-event.ts";
import { histogramSamples } from "./histogram-samples.ts";
import type { MetricFamily, MetricType, Sample } from "./metrics-text.ts";
import type { MeasuredVersion } from "./measured-versions.ts";

const labelsOf = ({ model, version }: MeasuredVersion) => ({ model, version });
const seconds = (milliseconds: number) => milliseconds / 1000;

/** Cortado's own names. Times are seconds, sizes bytes. */
export function ownMetrics(models: ModelServer, versions: readonly MeasuredVersion[]): MetricFamily[] {
  const of = (
    name: string,
    type: MetricType,
    { help, value }: { help: string; value: (version: MeasuredVersion) => number | undefined },
  ) => ({
    name: `cortado_${name}`,
    type,
    help,
    samples: versions.flatMap((version): Sample[] => {
      const found = value(version);
      return found === undefined ? [] : [{ labels: labelsOf(version), value: found }];
    }),
  });
  const spent = (name: string, help: string, tally: (version: MeasuredVersion) => Tally) =>
    of(name, "counter", { help, value: (version) => seconds(tally(version).milliseconds) });
  return [
    requests(versions),
    durations(versions),
    spent("queue_seconds_total", "Time that requests waited for a run.", ({ statistics }) => statistics.queue),
    spent(
      "run_seconds_total",
      "Time that models ran, once for every request of a run.",
      ({ statistics }) => statistics.computeInfer,
    ),
    of("rows_total", "counter", { help: "Items and rows that were run.", value: ({ statistics }) => statistics.rows }),
    of("runs_total", "counter", { help: "Runs; a batch counts one.", value: ({ statistics }) => statistics.runs }),
    of("cache_hits_total", "counter", {
      help: "Items that were answered from the cache.",
      value: ({ statistics }) => statistics.cacheHit.count,
    }),
    of("cache_misses_total", "counter", {
      help: "Items that were not in the cache.",
      value: ({ statistics }) => statistics.cacheMiss.count,
    }),
    of("queue_length", "gauge", { help: "Requests that wait for a run.", value: ({ waiting }) => waiting }),
    of("batch_limit", "gauge", { help: "The most rows in one run at present.", value: ({ batching }) => batching?.limit }),
    of("memory_bytes", "gauge", { help: "What a loaded version occupies.", value: ({ memory }) => memory }),
    of("version_ready", "gauge", { help: "1 where a version answers.", value: ({ state }) => Number(state === "ready") }),
    ready(models),
    ...hosts(models),
    ...tally("payloads", "Predictions that were to be written down.", models.payloads),
    ...tally("recorded", "Predictions that were to be kept for feedback.", models.recorded),
  ];
}

/** The processes that hold models: how many, what they occupy, and how many ended that should not have. */
function hosts({ hosts: pool }: ModelServer): MetricFamily[] {
  const one = (name: string, type: MetricType, { help, value }: { help: string; value: number }) => ({
    name: `cortado_${name}`,
    type,
    help,
    samples: [{ value }],
  });
  const running = pool.processes();
  const bytes = running.map(({ processId, memory }) => ({ labels: { pid: String(processId) }, value: memory }));
  return [
    one("hosts", "gauge", { help: "Processes that hold models.", value: running.length }),
    one("host_losses_total", "counter", { help: "Hosts that crashed, or grew too large and were ended.", value: pool.losses }),
    { name: "cortado_host_memory_bytes", type: "gauge", help: "Resident memory of a host.", samples: bytes },
  ];
}

/** What is written down or kept, where anything is. */
function tally(name: string, help: string, counts: PredictionTally | undefined): MetricFamily[] {
  if (counts === undefined) return [];
  const { written, dropped } = counts;
  const samples = Object.entries({ written, dropped }).map(([outcome, value]) => ({ labels: { outcome }, value }));
  return [{ name: `cortado_${name}_total`, type: "counter", help, samples }];
}

function requests(versions: readonly MeasuredVersion[]): MetricFamily {
  const samples = versions.flatMap((version): Sample[] => {
    const { success, fail, cancelled, refused, late } = version.statistics;
    const failed = fail.count - cancelled - refused - late;
    const outcomes = { answered: success.count, failed, cancelled, refused, late };
    return Object.entries(outcomes).map(([outcome, value]) => ({ labels: { ...labelsOf(version), outcome }, value }));
  });
  return { name: "cortado_requests_total", type: "counter", help: "Requests, by how they ended.", samples };
}

function durations(versions: readonly MeasuredVersion[]): MetricFamily {
  return {
    name: "cortado_request_duration_seconds",
    type: "histogram",
    help: "How long answers took, from the question to the answer.",
    samples: versions.flatMap((version) => histogramSamples(version.statistics, labelsOf(version), 1 / 1000)),
  };
}

function ready(models: ModelServer): MetricFamily {
  const samples = models.list().map(({ name, ready: isReady }) => ({ labels: { model: name }, value: Number(isReady) }));
  return { name: "cortado_model_ready", type: "gauge", help: "1 where a request without a version is answered.", samples };
}
