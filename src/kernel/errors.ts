import { defineErrors } from "./cortado-error.ts";
import { didYouMean } from "./nearest-name.ts";

/** The errors of the kernel, by code. */
export const kernelErrors = defineErrors({
  /** `CORTADO_ENV` holds something other than the three modes. */
  KERNEL_UNKNOWN_MODE: (d: { given: string }) => ({
    message: `CORTADO_ENV is "${d.given}". It can be development, test or production.`,
    hint: "Set CORTADO_ENV to one of them, or leave it unset for development.",
  }),
  /** A setting is read from an environment variable that is not set and has no default in this mode. */
  KERNEL_MISSING_ENVIRONMENT: (d: { name: string; mode: string }) => ({
    message: `The environment variable ${d.name} is not set, and has no default in ${d.mode}.`,
    hint: `Set it: ${d.name}=… npx cortado …`,
  }),
  /** An environment variable cannot be read as what the setting needs. */
  KERNEL_BAD_ENVIRONMENT: (d: { name: string; given: string; wanted: string }) => ({
    message: `The environment variable ${d.name} is "${d.given}". It must be ${d.wanted}.`,
  }),
  /** A feature needs an optional package that is not installed. */
  KERNEL_MISSING_PACKAGE: (d: { name: string; feature: string; install: string }) => ({
    message: `${d.feature} needs the package "${d.name}", which is not installed.`,
    hint: d.install,
  }),
  /** A signed value was changed, or was signed with another key or for another use. */
  KERNEL_BAD_SIGNATURE: (d: { reason: string }) => ({ message: `The signature is not valid: ${d.reason}.` }),
  /** A signed value is older than it may be. */
  KERNEL_SIGNATURE_EXPIRED: (d: { age: number; maxAge: number }) => ({
    message: `The signature is ${d.age} seconds old. It may be ${d.maxAge}.`,
    hint: "Have the value made and signed anew.",
  }),
  /** The separator of a signer could be part of a signature. */
  KERNEL_BAD_SEPARATOR: (d: { given: string }) => ({
    message: `${JSON.stringify(d.given)} cannot stand between a value and its signature: a signature may hold it.`,
    hint: 'Use a character that is none of A-Z a-z 0-9 - _ =, such as ":".',
  }),
  /** A hash is asked for that Node does not have. */
  KERNEL_UNKNOWN_HASH: (d: { given: string; hint: string | undefined; cause?: unknown }) => ({
    message: `There is no hash "${d.given}".`,
    hint: d.hint ?? 'Use "sha256". crypto.getHashes() lists them all.',
    cause: d.cause,
  }),
  /** Something is to be signed without a key while no project is open, or with an empty one. */
  KERNEL_NO_SECRET_KEY: () => ({
    message: "Nothing can be signed: no project is open, and no key was given.",
    hint: "Give a key: new Signer({ key }), or call useSecretKeys(key) first.",
  }),
  /** A catalogue of translations cannot be read. */
  KERNEL_BAD_CATALOGUE: (d: { file: string; problem: string }) => ({
    message: `The catalogue ${d.file} cannot be read: ${d.problem}.`,
    hint: "`npx cortado compilemessages` says of every catalogue what is wrong with it.",
  }),
  /** A language is asked for by a code that nobody knows. */
  KERNEL_UNKNOWN_LANGUAGE: (d: { given: string; known: readonly string[] }) => ({
    message: `"${d.given}" is the code of no language that is known.`,
    hint: `${didYouMean(d.given, d.known) ?? ""} A language of your own stands in the setting \`languages\`, with its name.`.trim(),
  }),
  /** The project's own language is not among those that it speaks. */
  KERNEL_LANGUAGE_NOT_SPOKEN: (d: { language: string; languages: readonly string[] }) => ({
    message: `The setting \`language\` is "${d.language}", which \`languages\` does not have: ${d.languages.join(", ")}.`,
    hint: "Add it to `languages`, or set `language` to one of them.",
  }),
  /** A folder of catalogues is set that does not exist. */
  KERNEL_NO_LOCALE_PATH: (d: { folder: string }) => ({
    message: `The setting \`localePaths\` names the folder ${d.folder}, which does not exist.`,
    hint: "Paths start at the project's folder. `npx cortado makemessages --locale ko` makes catalogues.",
  }),
  /** A time zone is set that this machine does not know. */
  KERNEL_UNKNOWN_TIME_ZONE: (d: { given: string; known: readonly string[] }) => ({
    message: `"${d.given}" is no time zone. It must be a name such as "Asia/Seoul", "UTC", or an offset such as "+09:00".`,
    hint: didYouMean(d.given, d.known),
  }),
  /** A local time is skipped, or comes twice, where clocks are changed. */
  KERNEL_BAD_LOCAL_TIME: (d: { given: string; zone: string }) => ({
    message: `${d.given} cannot be understood in the time zone ${d.zone}: it comes twice there, or never.`,
    hint: 'Say which is meant: disambiguation "earlier" or "later".',
  }),
});
