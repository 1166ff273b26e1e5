import { defineErrors } from "#kernel";

/** The errors of storages, by code. */
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
  /** A file's name leads out of its storage, or names no file. */
  STORAGE_BAD_NAME: (d: { name: string }) => ({
    message: `${JSON.stringify(d.name)} cannot be the name of a file in a storage.`,
    hint: "A name stays inside: no leading slash, no '..', and a file name at its end.",
  }),
  /** A file is asked for that the storage does not have. */
  STORAGE_NO_FILE: (d: { name: string }) => ({
    message: `The storage has no file "${d.name}".`,
    hint: "It may have been deleted, or lie in another storage.",
  }),
  /** A field needs a storage before a project or a test opened one. */
  STORAGE_NOT_OPEN: (d: { alias: string; known: readonly string[] }) => ({
    message: `There is no storage "${d.alias}". Open: ${d.known.join(", ") || "none"}.`,
    hint: 'Open the project first, or call useStorages({ default: openStorage("file:var/storage", root) }).',
  }),
});
