import { templatesErrors } from "./errors.ts";
import type { TemplateCache } from "./loaders/template-cache.ts";
import { TemplateError } from "./template-error.ts";
import type { CompiledTemplate } from "./template.ts";

/** Something wrong with a template, found without rendering it. */
export interface TemplateProblem {
  readonly code: string;
  readonly template: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly line?: number | undefined;
}

/** Compiles all templates; looks up what they extend and include, and the blocks they override. */
export function verifyTemplates(cache: TemplateCache): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  for (const name of cache.names()) {
    attempt(name, problems, () => {
      const template = cache.get(name);
      for (const include of template.references.includes) attempt(name, problems, () => cache.get(include));
      verifyBlocks(cache, template, problems);
    });
  }
  return problems;
}

function attempt(template: string, problems: TemplateProblem[], run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { code, message, hint, line } = error;
    problems.push({ code, template: error.template ?? template, message, hint, line });
  }
}

function verifyBlocks(cache: TemplateCache, template: CompiledTemplate, problems: TemplateProblem[]): void {
  if (template.references.parent === undefined) return;
  const parents = parentsOf(cache, template);
  if (!parents) return;
  const known = parents.flatMap((parent) => [...parent.blocks.keys()]);
  for (const block of template.blocks.keys()) {
    if (known.includes(block) || template.references.nestedBlocks.has(block)) continue;
    const { message, hint, code } = templatesErrors.TEMPLATES_UNKNOWN_BLOCK({ block, parent: parents[0]!.name, known });
    problems.push({ code, template: template.name, message, hint });
  }
}

/** The parents by their literal names; undefined where one is known only when rendered. */
function parentsOf(cache: TemplateCache, template: CompiledTemplate): CompiledTemplate[] | undefined {
  const parents: CompiledTemplate[] = [];
  const origins = [template.origin];
  let current = template;
  while (current.extends) {
    if (current.references.parent === undefined) return undefined;
    current = cache.get(current.references.parent, origins);
    origins.push(current.origin);
    parents.push(current);
  }
  return parents;
}
