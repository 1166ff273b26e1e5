import { kernelErrors } from "./errors.ts";

/** Where the process runs: `CORTADO_ENV`, else development. */
export type Mode = "development" | "test" | "production";

/** Reads the mode from `CORTADO_ENV`. */
export function currentMode(): Mode {
  const given = process.env["CORTADO_ENV"] ?? "development";
  if (given === "development" || given === "test" || given === "production") return given;
  throw kernelErrors.KERNEL_UNKNOWN_MODE({ given });
}

type PerMode = Partial<Record<Mode, string>>;

function fallbackFor(fallback: string | PerMode | undefined): string | undefined {
  if (typeof fallback !== "object") return fallback;
  const mode = currentMode();
  return fallback[mode] ?? (mode === "test" ? fallback.development : undefined);
}

/**
 * An environment variable, or its default; a default may differ by mode.
 *
 * ```ts
 * env("DATABASE_URL", "sqlite:db.sqlite3");
 * env("SECRET_KEY", { development: "dev-only" }); // required in production
 * ```
 * @throws KERNEL_MISSING_ENVIRONMENT when the variable is not set and has no default here.
 */
export function env(name: string, fallback?: string | PerMode): string {
  const value = process.env[name] ?? fallbackFor(fallback);
  if (value === undefined) throw kernelErrors.KERNEL_MISSING_ENVIRONMENT({ name, mode: currentMode() });
  return value;
}

/** A comma-separated environment variable. `env.list("ALLOWED_HOSTS", ["localhost"])`. */
env.list = (name: string, fallback?: readonly string[]): readonly string[] => {
  const value = process.env[name];
  if (value !== undefined)
    return value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  if (fallback === undefined) throw kernelErrors.KERNEL_MISSING_ENVIRONMENT({ name, mode: currentMode() });
  return fallback;
};

/** A yes-or-no environment variable: 1, true, yes, on; 0, false, no, off. */
env.boolean = (name: string, fallback?: boolean): boolean => {
  const value = process.env[name]?.toLowerCase();
  if (value === undefined && fallback !== undefined) return fallback;
  if (value === undefined) throw kernelErrors.KERNEL_MISSING_ENVIRONMENT({ name, mode: currentMode() });
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["0", "false", "no", "off", ""].includes(value)) return false;
  throw kernelErrors.KERNEL_BAD_ENVIRONMENT({ name, given: value, wanted: "one of 1, true, yes, on, 0, false, no, off" });
};
