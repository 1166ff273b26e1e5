import type { PythonPlace } from "#serving";
import type { TabularModel } from "../tabular/tabular-model.ts";
import type { TabularParameters } from "../tabular/tabular-parameters.ts";

/** What a trainer process is told: everything it needs, for it opens neither database nor project. */
export interface TrainingJob {
  model: string;
  /** The dataset file; absent for a trainer without rows. */
  dataset?: string | undefined;
  /** An empty folder for the artifact. */
  directory: string;
  /** Where checkpoints are kept, each in a numbered folder. */
  checkpoints: string;
  work:
    | {
        kind: "tabular";
        target: string;
        features: readonly string[];
        task?: TabularModel["task"] | undefined;
        parameters: TabularParameters;
      }
    | { kind: "custom"; configFile: string; parameters: unknown }
    | { kind: "python"; place: PythonPlace & { module: string }; root: string; parameters: unknown };
}

/** What a trained version says of itself beside its files. */
export interface TrainingOutcome {
  metrics: Record<string, number>;
  labels?: readonly string[] | undefined;
  columns?: readonly Record<string, unknown>[] | undefined;
}

/** What goes to the trainer process. */
export type TrainerRequest = { type: "start"; job: TrainingJob } | { type: "cancel" };

/** What a trainer tells while it works. */
export type TrainerNews =
  | { type: "progress"; done: number; total: number }
  | { type: "metric"; name: string; value: number; step?: number | undefined }
  | { type: "log"; text: string };

/** What comes from the trainer process: news, and one of the three ends. */
export type TrainerReply =
  | TrainerNews
  | { type: "succeeded"; outcome: TrainingOutcome }
  | { type: "cancelled" }
  | { type: "failed"; error: { code: string; message: string; hint?: string | undefined } };
