import type { ProjectState } from "../state/project-state.ts";
import type { Change, Detection } from "./change.ts";
import { detectCreatedModels } from "./created-models.ts";
import { detectDeletedModels, detectDeletedProxies } from "./deleted-models.ts";
import { detectAddedFields, detectAlteredFields, detectRemovedFields, type LiveField } from "./fields.ts";
import { detectAlteredComments, detectAlteredOptions, detectAlteredOrders, detectAlteredTables } from "./options.ts";
import { detectAddedParts, detectAlteredConstraints, detectRemovedParts, detectRenamedIndexes } from "./parts.ts";
import type { Answers } from "./questions.ts";
import { detectMovedModels, detectRenamedFields, detectRenamedModels } from "./renames.ts";

/** What a detection compares, and whom it asks. */
export interface DetectionInput {
  /** The models as the migration files leave them. */
  from: ProjectState;
  /** The models as they are declared. */
  to: ProjectState;
  answers: Answers;
  liveField: LiveField;
  /** The model behind a swappable key; other keys stand for themselves. */
  resolveKey?: ((key: string) => string) | undefined;
}

/**
 * How it works
 *
 * The phases run in a fixed order. Each compares the state that the migrations and the earlier phases
 * leave with the declared one, and notes its operations with what they need and what they give; an
 * operation is applied to the state at once, so that no phase finds what another has dealt with.
 * A new model is noted in its smallest form, with its relations, indexes and constraints after it.
 * `arrangeChanges` sorts the changes by their needs, cuts them into migrations, and lets the optimizer
 * join again what need not stand apart.
 */
export async function detectChanges({
  from,
  to,
  answers,
  liveField,
  resolveKey = (key) => key,
}: DetectionInput): Promise<Change[]> {
  const detection: Detection = { current: from.clone(), wanted: to, changes: [], resolveKey };
  const phases = { detection, answers, liveField };
  await detectRenamedModels(detection, answers);
  await detectMovedModels(detection, answers);
  await detectRenamedFields(detection, answers);
  answers.requireRenamesUsed();
  detectDeletedModels(detection);
  detectDeletedProxies(detection);
  detectCreatedModels(detection);
  detectAlteredOptions(detection);
  detectRenamedIndexes(detection);
  detectAlteredConstraints(detection);
  detectRemovedParts(detection);
  detectRemovedFields(phases);
  await detectAddedFields(phases);
  await detectAlteredFields(phases);
  answers.requireFillsUsed();
  detectAlteredOrders(detection);
  detectAddedParts(detection);
  detectAlteredTables(detection);
  detectAlteredComments(detection);
  return detection.changes;
}
