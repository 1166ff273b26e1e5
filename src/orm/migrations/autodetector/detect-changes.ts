import type { ProjectState } from "../project-state.ts";
import type { Change, Detection } from "./change.ts";
import { detectAddedFields, detectAlteredFields, detectRemovedFields, type LiveField } from "./fields.ts";
import { detectCreatedModels, detectDeletedModels } from "./models.ts";
import {
  detectAddedParts,
  detectAlteredOptions,
  detectAlteredTables,
  detectRemovedParts,
  detectRenamedIndexes,
} from "./options.ts";
import type { Answers } from "./questions.ts";
import { detectRenamedFields, detectRenamedModels } from "./renames.ts";

/** What a detection compares, and whom it asks. */
export interface DetectionInput {
  /** The models as the migration files leave them. */
  from: ProjectState;
  /** The models as they are declared. */
  to: ProjectState;
  answers: Answers;
  liveField: LiveField;
  /** The model behind a swappable key; other keys stand for themselves. */
  swappableKey?: ((key: string) => string) | undefined;
}

/**
 * How it works
 *
 * The phases run in a fixed order. Each compares the state that the migrations and the earlier phases
 * leave with the declared one, and notes its operations with what they need and what they give; an
 * operation is applied to the state at once, so that no phase finds what another has dealt with.
 * `arrangeChanges` sorts them by their needs and cuts them into migrations.
 */
export async function detectChanges({
  from,
  to,
  answers,
  liveField,
  swappableKey = (key) => key,
}: DetectionInput): Promise<Change[]> {
  const detection: Detection = { current: from.clone(), wanted: to, changes: [] };
  const phases = { detection, answers, liveField };
  await detectRenamedModels(detection, answers);
  await detectRenamedFields(detection, answers);
  answers.requireAllUsed();
  const start = detection.current.clone();
  detectRenamedIndexes(detection);
  detectRemovedParts(detection);
  detectCreatedModels(detection, swappableKey);
  detectRemovedFields(phases);
  await detectAddedFields(phases);
  await detectAlteredFields(phases);
  detectAlteredTables(detection);
  detectAlteredOptions(detection);
  detectAddedParts(detection);
  detectDeletedModels(detection, start);
  return detection.changes;
}
