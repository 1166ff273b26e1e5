import { LogEntry } from "./log-entry.ts";
import { type ModelAdmin, modelAdmin } from "./model-admin.ts";

const never = (): boolean => false;

/** The log of everything that was done in the admin: looked at, never changed. */
export function logAdmin(): ModelAdmin {
  return modelAdmin(LogEntry, {
    listDisplay: ["objectText", "action", "modelKey", "username", "time"],
    listFilter: ["action", "time"],
    searchFields: ["objectText", "username", "modelKey"],
    fields: ["objectText", "action", "modelKey", "objectId", "username", "time", "note", "changedFields"],
    allow: { add: never, change: never, delete: never },
  });
}
