import { templatesErrors } from "./errors.ts";
import type { Library } from "./library.ts";

/** The library that `{% load name %}` means. @throws TEMPLATES_UNKNOWN_LIBRARY */
export function libraryNamed(name: string, libraries: Readonly<Record<string, Library>>): Library {
  if (Object.hasOwn(libraries, name)) return libraries[name]!;
  throw templatesErrors.TEMPLATES_UNKNOWN_LIBRARY({ library: name, known: Object.keys(libraries) });
}
