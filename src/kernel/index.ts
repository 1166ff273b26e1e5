export { type App, type AppParts, defineApp, type ProjectSettings, type Services } from "./app.ts";
export { type Check, type CheckMessage, formatCheckMessage, runChecks } from "./checks.ts";
export { CortadoError, defineErrors, type ErrorMakers, type ErrorText } from "./cortado-error.ts";
export { currentMode, env, type Mode } from "./environment.ts";
export { kernelErrors } from "./errors.ts";
export { importOptional } from "./import-optional.ts";
export { didYouMean, nearestName } from "./nearest-name.ts";
export { packageVersion } from "./package-version.ts";
export { Signer } from "./signing.ts";
