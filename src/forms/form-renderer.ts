import { join } from "node:path";
import { Engine, type SafeString } from "#templates";

/**
 * How it works
 *
 * Forms, fields, labels, errors and widgets are drawn by templates, which Cortado keeps in `cortado/forms/`. A project's own
 * templates come first, so one that has the same name replaces Cortado's. Templates are compiled once; a form without rows to
 * wait for is drawn at once.
 */

/** Draws the parts of forms. */
export interface FormRenderer {
  /** The HTML of a template: a promise only where something has to be awaited. */
  renderHtml(name: string, context: Record<string, unknown>): SafeString | Promise<SafeString>;
  /** The template of a form that names none: `cortado/forms/div.html` by default. */
  readonly formTemplateName?: string | undefined;
  /** The template of a field with its label, help and errors: `cortado/forms/field.html` by default. */
  readonly fieldTemplateName?: string | undefined;
  /** The template of a formset that names none: `cortado/forms/formsets/div.html` by default. */
  readonly formsetTemplateName?: string | undefined;
}

declare module "#kernel" {
  interface ProjectSettings {
    /** What draws forms that name no renderer of their own; by default the project's templates, Cortado's behind them. */
    formRenderer?: FormRenderer | undefined;
  }
}

/** The folder of Cortado's own templates of forms, which a project's engine looks through last. */
export const formTemplates: string = join(import.meta.dirname, "templates");

let current: FormRenderer | undefined;

/** What draws forms that name no renderer of their own. */
export function formRenderer(): FormRenderer {
  return (current ??= new Engine({ directories: [formTemplates] }));
}

/**
 * Draws every form by a renderer from here on; undefined goes back to Cortado's templates alone. A project does so when it opens.
 *
 * ```ts
 * useFormRenderer(new Engine({ directories: ["templates", formTemplates] }));
 * ```
 */
export function useFormRenderer(renderer: FormRenderer | undefined): void {
  current = renderer;
}
