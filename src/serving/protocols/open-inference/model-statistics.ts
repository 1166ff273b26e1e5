import type { Tally } from "../../engines/statistics.ts";
import type { VersionInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import { findModel, type Params } from "./tensor-model.ts";

/** How often, and how long in all. */
interface Duration {
  count: number;
  /** Nanoseconds. */
  ns: number;
}

/** What a version has answered, with the names that Triton's statistics have. */
export interface ModelStatistics {
  name: string;
  version: string;
  /** Milliseconds since 1970; 0 where there was none. */
  last_inference: number;
  /** Rows that were run: what the cache answered is not among them. */
  inference_count: number;
  /** Runs; rows that ran together count once. */
  execution_count: number;
  inference_stats: Record<
    "success" | "fail" | "queue" | "compute_input" | "compute_infer" | "compute_output" | "cache_hit" | "cache_miss",
    Duration
  >;
  response_stats: object;
  batch_stats: ({ batch_size: number } & Record<"compute_input" | "compute_infer" | "compute_output", Duration>)[];
  /** Bytes of a loaded version, where that is known. */
  memory_usage: { type: "CPU"; id: number; byte_size: number }[];
}

/** The statistics of a model's versions that were loaded or asked, or of one version. @throws HttpError 404 */
export function modelStatistics(models: ModelServer, params: Params): ModelStatistics[] {
  findModel(models, params);
  const versions =
    params.version === undefined
      ? models.versions(params.name).filter(wasUsed).toReversed()
      : [models.describeVersion(params.name, params.version)];
  return versions.map((version) => statisticsOf(params.name, version));
}

function wasUsed({ state, statistics }: VersionInfo): boolean {
  return state === "ready" || statistics.success.count + statistics.fail.count > 0;
}

function statisticsOf(name: string, { version, statistics, memory }: VersionInfo): ModelStatistics {
  const { success, fail, queue, computeInput, computeInfer, computeOutput, cacheHit, cacheMiss } = statistics;
  return {
    name,
    version,
    last_inference: statistics.lastAnswer === undefined ? 0 : Date.parse(statistics.lastAnswer),
    inference_count: statistics.rows,
    execution_count: statistics.runs,
    inference_stats: {
      success: duration(success),
      fail: duration(fail),
      queue: duration(queue),
      compute_input: duration(computeInput),
      compute_infer: duration(computeInfer),
      compute_output: duration(computeOutput),
      cache_hit: duration(cacheHit),
      cache_miss: duration(cacheMiss),
    },
    response_stats: {},
    batch_stats: statistics.batches.map((batch) => ({
      batch_size: batch.size,
      compute_input: duration(batch.computeInput),
      compute_infer: duration(batch.computeInfer),
      compute_output: duration(batch.computeOutput),
    })),
    memory_usage: memory ? [{ type: "CPU", id: 0, byte_size: Math.round(memory) }] : [],
  };
}

function duration({ count, milliseconds }: Tally): Duration {
  return { count, ns: Math.round(milliseconds * 1e6) };
}
