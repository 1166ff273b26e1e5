import { defineErrors } from "./cortado-error.ts";

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
  /** A signed value was changed, was signed with another key, or is too old. */
  KERNEL_BAD_SIGNATURE: (d: { reason: string }) => ({ message: `The signature is not valid: ${d.reason}.` }),
});
