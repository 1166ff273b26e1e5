import { storageErrors } from "./errors.ts";
import type { Storage } from "./storage.ts";

let current: Readonly<Record<string, Storage>> = {};

/** Sets the storages that fields find; a project does so when it opens, a test may. */
export function useStorages(storages: Readonly<Record<string, Storage>>): void {
  current = storages;
}

/**
 * An open storage: `storage()` is where uploads go.
 * @throws STORAGE_NOT_OPEN
 */
export function storage(alias = "default"): Storage {
  const found = Object.hasOwn(current, alias) ? current[alias] : undefined;
  if (found === undefined) throw storageErrors.STORAGE_NOT_OPEN({ alias, known: Object.keys(current) });
  return found;
}
