import { defineErrors, didYouMean } from "#kernel";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

/** The errors of fixtures, by code. */
export const serializationErrors = defineErrors({
  /** A file or a command names a format that there is none of. */
  SERIALIZATION_UNKNOWN_FORMAT: (d: { given: string; known: readonly string[] }) => ({
    message: `There is no format "${d.given}". The formats are: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
  /** A file is not what its format says. */
  SERIALIZATION_BAD_FILE: (d: { file: string; format: string; reason: string; cause?: unknown }) => ({
    message: `${d.file} is not ${d.format}: ${d.reason}. Nothing was loaded.`,
    hint: "The ending of a file says its format; on standard input --format does.",
    cause: d.cause,
  }),
  /** A row in a file cannot be one of its model. */
  SERIALIZATION_BAD_ROW: (d: { file: string; row: string; reason: string; hint?: string | undefined; cause?: unknown }) => ({
    message: `${d.file}, ${d.row}: ${d.reason} Nothing was loaded.`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** A row in a file refers, by a natural key, to a row that is neither in the file nor in the database. */
  SERIALIZATION_NO_SUCH_ROW: (d: { file: string; row: string; field: string; key: string }) => ({
    message: `${d.file}, ${d.row}: ${d.field} refers to ${d.key}, which is neither in the files nor in the database. Nothing was loaded.`,
    hint: "Load the file that has it in the same command, or before.",
  }),
  /** A loaded row refers to a row that is neither in the files nor in the database. */
  SERIALIZATION_BROKEN_REFERENCE: (d: { reference: string; cause?: unknown }) => ({
    message: `The rows would refer to what is not there: ${d.reference}. Nothing was loaded.`,
    hint: "Load the file that has it in the same command, or before.",
    cause: d.cause,
  }),
  /** A model is asked for by natural keys and has none. */
  SERIALIZATION_NO_NATURAL_KEY: (d: { model: string; value: string }) => ({
    message: `${d.model} has no natural key, and ${d.value} stands where one of its rows is meant.`,
    hint: "Give its manager getByNaturalKey(…) and its rows naturalKey(), or write the row's primary key.",
  }),
  /** No file is found under the name that a command was given. */
  SERIALIZATION_NO_FIXTURE: (d: { name: string; looked: readonly string[] }) => ({
    message: `No fixture is called "${d.name}". These places were looked at: ${list(d.looked)}.`,
    hint: "A fixture is a path, or the name of a file in the folder fixtures/ of an app: initial.json, initial.jsonl.gz.",
  }),
  /** Rows are chosen by their primary keys, of several models or of all. */
  SERIALIZATION_KEYS_OF_SEVERAL: (d: { models: readonly string[] }) => ({
    message: `Primary keys choose rows of one model, and these are to be written: ${list(d.models)}.`,
    hint: "Name one model: cortado dumpdata shop.Coffee --pks 1,2",
  }),
  /** A command names a model or an app that the project does not have. */
  SERIALIZATION_UNKNOWN_LABEL: (d: { given: string; known: readonly string[] }) => ({
    message: `"${d.given}" is neither an app nor a model of the project. They are: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
});
