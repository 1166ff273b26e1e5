import type { Batching } from "../../engines/engine.ts";
import { queueSettings } from "../../engines/queue-settings.ts";
import { sequenceDefaults } from "../../engines/sequences.ts";
import type { SequenceOptions, Step, Steps } from "../../handlers/handler.ts";
import type { ModelInfo } from "../../models/model-info.ts";

/** How what waits is refused. Times are microseconds. */
interface QueuePolicy {
  timeout_action: "REJECT" | "DELAY";
  default_timeout_microseconds: number;
  allow_timeout_override: boolean;
  max_queue_size: number;
}

/** How a model's requests come together: by their rows, by their sequences, or through the models of a pipeline. */
export interface Scheduling {
  dynamic_batching?: {
    max_queue_delay_microseconds: number;
    priority_levels: number;
    default_priority_level: number;
    default_queue_policy: QueuePolicy;
  };
  sequence_batching?: {
    direct: object;
    max_sequence_idle_microseconds: number;
    state: { input_name: string; output_name: string }[];
  };
  ensemble_scheduling?: { step: { model_name: string; model_version: number; input_map: object; output_map: object }[] };
}

/** A model has one of them or none. `batch` is absent where its rows are not run together. */
export function schedulingOf({ handler, limits }: ModelInfo, batch: Batching | undefined): Scheduling {
  const { steps, sequence } = handler?.options ?? {};
  if (steps) return { ensemble_scheduling: { step: ensembleSteps(steps) } };
  if (sequence) return { sequence_batching: sequenceBatching(sequence) };
  return batch ? { dynamic_batching: dynamicBatching(limits, batch) } : {};
}

/** The models that a pipeline asks. Which of their inputs it fills is its code's to say. */
function ensembleSteps(steps: Steps) {
  return Object.values(steps).map((step) => {
    const { model, version } = modelOf(step);
    return { model_name: model, model_version: Number(version ?? -1), input_map: {}, output_map: {} };
  });
}

function modelOf(step: Step): { model: string; version?: string | undefined } {
  if (typeof step === "string") return { model: step };
  if ("kind" in step) return { model: step.name };
  return { model: typeof step.model === "string" ? step.model : step.model.name, version: step.version };
}

function sequenceBatching({ idle = sequenceDefaults.idle, state = {} }: SequenceOptions) {
  const states = Object.entries(state).map(([output, input]) => ({ input_name: input, output_name: output }));
  return { direct: {}, max_sequence_idle_microseconds: idle * 1000, state: states };
}

function dynamicBatching(limits: ModelInfo["limits"], { maxDelay }: Batching) {
  const { levels, queueSize, maxWait, deadline, whenLate } = queueSettings(limits, true);
  return {
    max_queue_delay_microseconds: Math.round(maxDelay * 1000),
    priority_levels: levels,
    default_priority_level: ((levels - 1) >> 1) + 1,
    default_queue_policy: {
      timeout_action: whenLate === "delay" ? ("DELAY" as const) : ("REJECT" as const),
      default_timeout_microseconds: Math.round((maxWait ?? deadline) * 1000),
      allow_timeout_override: true,
      max_queue_size: queueSize,
    },
  };
}
