import { defineErrors } from "#kernel";

export const storageErrors = defineErrors({
  /** The address of a storage begins with something that no storage has. */
  STORAGE_UNKNOWN_SCHEME: (d: { url: string; known: readonly string[] }) => ({
    message: `The storage "${d.url}" cannot be opened. Its address must begin with: ${d.known.join(", ")}.`,
    hint: 'Keep files in a folder: storage: "file:var/storage".',
  }),
  /** The address of a storage names no folder. */
  STORAGE_NO_FOLDER: (d: { url: string }) => ({
    message: `The storage "${d.url}" names no folder.`,
    hint: 'Write the folder after the colon: "file:var/storage".',
  }),
});
