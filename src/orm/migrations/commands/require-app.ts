import { type App, didYouMean } from "#kernel";
import { migrationErrors } from "../errors.ts";

/** @throws MIGRATIONS_UNKNOWN_APP */
export function requireApp(apps: readonly App[], app: string): void {
  const known = apps.map((one) => one.name);
  if (!known.includes(app)) throw migrationErrors.MIGRATIONS_UNKNOWN_APP({ app, known, hint: didYouMean(app, known) });
}
