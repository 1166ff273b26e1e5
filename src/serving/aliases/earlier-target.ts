import { newestFirst } from "../repositories/names.ts";
import type { AliasRecord } from "./alias-target.ts";

interface Place {
  record: AliasRecord | undefined;
  /** The version that it names now; an alias without a record may follow one. */
  current: string | undefined;
  /** The model's versions, newest first. */
  versions: readonly string[];
  /** False for a version that is gone or does not load. */
  mayAnswer(version: string): boolean;
}

/** Where an alias was before: without its canary if it has one, else at the version it named earlier, else at the one below. */
export function earlierTarget({ record, current, versions, mayAnswer }: Place): AliasRecord | undefined {
  if (record?.canary) return withoutCanary(record);
  const { history = [] } = record ?? {};
  const at = history.findLastIndex((name) => name !== current && mayAnswer(name));
  if (at >= 0) return { version: history[at]!, history: history.slice(0, at) };
  const older = versions.find((name) => current !== undefined && newestFirst(current, name) < 0 && mayAnswer(name));
  return older === undefined ? undefined : { version: older, history };
}

function withoutCanary({ canary: _canary, ...record }: AliasRecord): AliasRecord {
  return record;
}
