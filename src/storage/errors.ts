import { defineErrors, didYouMean } from "#kernel";

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
  /** The address of a storage says something that its kind does not understand. */
  STORAGE_BAD_ADDRESS: (d: { url: string; problem: string }) => ({
    message: `The storage "${d.url}" cannot be opened: ${d.problem}.`,
    hint: 'For example: "file:var/storage?fileMode=640", or "s3://bucket/prefix?region=eu-central-1".',
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
  /** There is no room for a file. */
  STORAGE_FULL: (d: { name: string; cause?: unknown }) => ({
    message: `The storage has no room for "${d.name}".`,
    hint: "Free some space, or let the storage have more.",
    cause: d.cause,
  }),
  /** A storage elsewhere could not be reached, or refused what was asked. */
  STORAGE_FAILED: (d: { storage: string; reason: string; cause?: unknown }) => ({
    message: `The storage ${d.storage} did not answer as it should: ${d.reason}.`,
    hint: "Check its address, its credentials, and what they are allowed to do.",
    cause: d.cause,
  }),
  /** Addresses of private files must be signed, and nothing was found to sign them with. */
  STORAGE_NO_CREDENTIALS: (d: { storage: string; reason: string }) => ({
    message: `The storage ${d.storage} has no credentials to sign addresses with: ${d.reason}.`,
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or say ?access=public where the files are public.",
  }),
  /** A field needs a storage before a project or a test opened one. */
  STORAGE_NOT_OPEN: (d: { alias: string; known: readonly string[] }) => ({
    message: `There is no storage "${d.alias}". Open: ${d.known.join(", ") || "none"}.`,
    hint:
      didYouMean(d.alias, d.known) ??
      'Open the project first, or call useStorages({ default: openStorage("file:var/storage", root) }).',
  }),
});
