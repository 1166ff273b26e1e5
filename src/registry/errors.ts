import { defineErrors, didYouMean } from "#kernel";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

export const registryErrors = defineErrors({
  /** A file was read as a model of the tabular trainer, and is not one. */
  REGISTRY_NOT_TABULAR: (d: { reason: string; cause?: unknown }) => ({
    message: `This is not a model that the tabular trainer wrote: ${d.reason}.`,
    hint: "Only an artifact of tabular() can be read back; any ONNX file can be served.",
    cause: d.cause,
  }),
  /** A training has too few rows to learn from. */
  REGISTRY_TOO_FEW_ROWS: (d: { model: string; rows: number; needed: number; target: string }) => ({
    message: `${d.model}: ${d.rows} rows have a ${d.target}. A training needs at least ${d.needed}.`,
    hint: "Add rows, or fill in what is missing in the target.",
  }),
  /** Every row has the same class, so there is nothing to tell apart. */
  REGISTRY_ONE_CLASS: (d: { model: string; target: string; label: string }) => ({
    message: `${d.model}: every row has the ${d.target} "${d.label}". A classification needs at least two classes.`,
    hint: "Widen the rows that are trained on.",
  }),
  /** A target has so many classes that it is hardly a class. */
  REGISTRY_TOO_MANY_CLASSES: (d: { model: string; target: string; classes: number; most: number }) => ({
    message: `${d.model}: ${d.target} has ${d.classes} classes. There may be ${d.most}.`,
    hint: 'Is it a number? Then say task: "regression".',
  }),
  /** A regression's target holds text. */
  REGISTRY_TARGET_NOT_NUMBER: (d: { model: string; target: string; given: string }) => ({
    message: `${d.model}: ${d.target} holds ${d.given}, and a regression needs numbers.`,
    hint: 'Say task: "classification", or choose another target.',
  }),
  /** A feature or the target is not a column of the rows. */
  REGISTRY_UNKNOWN_COLUMN: (d: { model: string; column: string; known: readonly string[] }) => ({
    message: `${d.model}: the rows have no "${d.column}". They have: ${list(d.known)}.`,
    hint: didYouMean(d.column, d.known),
  }),
  /** A value cannot be kept in a dataset file. */
  REGISTRY_BAD_VALUE: (d: { model: string; column: string; row: number; given: string }) => ({
    message: `${d.model}: row ${d.row} has ${d.given} in "${d.column}". It must be text, a number, yes or no, a date, a decimal or null.`,
    hint: "Leave the column out of the features, or convert it in rows.",
  }),
  /** A regression's target is larger than a model's 32-bit numbers can be. */
  REGISTRY_TARGET_TOO_LARGE: (d: { model: string; target: string; given: number; most: number }) => ({
    message: `${d.model}: a row has the ${d.target} ${d.given}. A model predicts numbers up to ${d.most} on either side of zero.`,
    hint: "Scale the target in rows, or leave such rows out.",
  }),
  /** A dataset file was changed, cut off or not written by this version. */
  REGISTRY_BAD_DATASET: (d: { file: string; reason: string }) => ({
    message: `The dataset ${d.file} cannot be used: ${d.reason}.`,
    hint: "Start a new run: it writes its dataset afresh.",
  }),
  /** Training was asked for a model that has no trainer. */
  REGISTRY_NO_TRAINER: (d: { model: string; trainable: readonly string[] }) => ({
    message: `The model "${d.model}" cannot be trained: its handler has no train. Those that have: ${list(d.trainable)}.`,
    hint: "Give the handler train: tabular({ … }) or train: trainer({ … }).",
  }),
  /** A training's parameters are not what its trainer takes. */
  REGISTRY_BAD_PARAMETERS: (d: { model: string; problems: readonly string[]; hint?: string | undefined }) => ({
    message: `The parameters for training ${d.model} are refused: ${d.problems.join("; ")}.`,
    hint: d.hint,
  }),
  /** A model has no version of that number that was trained or uploaded. */
  REGISTRY_UNKNOWN_VERSION: (d: { model: string; version: string; known: readonly string[] }) => ({
    message: `${d.model} has no version "${d.version}". It has: ${list(d.known)}.`,
    hint: "Versions are numbers, and are never used twice.",
  }),
  /** A version that was neither trained nor uploaded here, but lies where the model's source points, was to be removed. */
  REGISTRY_VERSION_IN_SOURCE: (d: { model: string; version: string }) => ({
    message: `Version ${d.version} of ${d.model} lies where the model's source points, so it is not removed here.`,
    hint: "Remove its folder there, or say with `versions` of the handler which are served.",
  }),
  /** A version that an alias, its canary or its shadow names was to be removed. */
  REGISTRY_VERSION_IN_USE: (d: { model: string; version: string; holders: readonly string[] }) => ({
    message: `Version ${d.version} of ${d.model} is what ${list(d.holders)} points to, so it is not removed.`,
    hint: "Point the alias to another version, or end its canary or shadow, first.",
  }),
  /** No prediction of that name was recorded. */
  REGISTRY_UNKNOWN_PREDICTION: (d: { model: string; id: string; isRecorded: boolean }) => ({
    message: `${d.model} has no recorded prediction "${d.id.slice(0, 60)}".`,
    hint: d.isRecorded
      ? "Its name is the id of the prediction's answer."
      : "Say record: true in the handler, and predictions are kept from then on.",
  }),
  /** The right answers to a prediction are not as many as its items. */
  REGISTRY_BAD_FEEDBACK: (d: { problem: string }) => ({
    message: `The feedback ${d.problem}.`,
    hint: 'One item: {"answer": …}. Several: {"answers": […]}, one for each in their order.',
  }),
  /** No run has that number. */
  REGISTRY_UNKNOWN_RUN: (d: { id: string }) => ({ message: `There is no run "${d.id}".`, hint: "GET runs lists them." }),
  /** A finished run was to be cancelled. */
  REGISTRY_RUN_FINISHED: (d: { id: number; state: string }) => ({
    message: `Run ${d.id} is already ${d.state}.`,
    hint: "Only a run that is queued or running is cancelled.",
  }),
  /** A run that is at work or has succeeded was to be resumed. */
  REGISTRY_RUN_NOT_RESUMABLE: (d: { id: number; state: string }) => ({
    message: `Run ${d.id} is ${d.state}. Only a run that failed or was interrupted is resumed.`,
    hint: "Start a new run.",
  }),
  /** A trainer process ended without an answer. */
  REGISTRY_TRAINER_DIED: (d: { run: number; how: string; output: string }) => ({
    message: `The trainer process of run ${d.run} ended by ${d.how} before it was done.${d.output ? ` Its last words: ${d.output}` : ""}`,
    hint: "Was it short of memory? What it had checkpointed is kept: resume the run.",
  }),
  /** An artifact cannot be served. */
  REGISTRY_BAD_ARTIFACT: (d: { model: string; reason: string; hint?: string }) => ({
    message: `The artifact for ${d.model} is refused: ${d.reason}.`,
    hint: d.hint ?? "Upload one model.onnx, or an artifact whose files are named plainly.",
  }),
  /** The disk has no room for an artifact. */
  REGISTRY_NO_SPACE: (d: { model: string; cause?: unknown }) => ({
    message: `There is no room left to keep the artifact for ${d.model}.`,
    hint: "Remove versions that nobody needs, or make the storage larger, and send it again.",
    cause: d.cause,
  }),
  /** A custom trainer cannot be found by the process that should run it. */
  REGISTRY_TRAINER_NOT_FOUND: (d: { model: string; configFile: string }) => ({
    message: `${d.configFile} has no app with the handler "${d.model}" and a trainer() in it.`,
    hint: "List the handler in the handlers of an app, and the app in the project.",
  }),
  /** The registry is asked while no project with `registry()` is open. */
  REGISTRY_NOT_OPEN: () => ({
    message: "No open project has the app registry().",
    hint: 'Add registry() from "cortado/registry" to the project\'s apps.',
  }),
});
