import { appErrors } from "#app";
import type { ProjectSettings } from "#kernel";

/** @throws APP_UNKNOWN_APP when the project has no app of the name */
export function requireApp({ apps }: ProjectSettings, name: string): void {
  const names = apps.map((app) => app.name);
  if (!names.includes(name)) throw appErrors.APP_UNKNOWN_APP({ given: name, apps: names });
}
