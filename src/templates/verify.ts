import type { CortadoError } from "#kernel";
import { componentFile, mistakeIn, unknownComponent } from "./component-shape.ts";
import { templatesErrors } from "./errors.ts";
import type { TemplateCache } from "./loaders/template-cache.ts";
import { addPlace, TemplateDoesNotExist, TemplateError, TemplateSyntaxError } from "./template-error.ts";
import type { CompiledTemplate, ComponentReference, Reference, UrlReference } from "./template.ts";

/** Something wrong with a template, found without rendering it. */
export interface TemplateProblem {
  /** A warning where a page is made nevertheless. */
  readonly level: "error" | "warning";
  readonly code: string;
  readonly template: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly line?: number | undefined;
  /** Where the template came from: its file. */
  readonly origin: string;
}

/** Says what is wrong with an address by its name and the names, or the number, of its parameters. */
export type CheckUrl = (name: string, given: readonly string[] | number) => CortadoError | undefined;

/** Compiles all templates; looks up what they extend and include, and the blocks they override. */
export function verifyTemplates(cache: TemplateCache, checkUrl?: CheckUrl): TemplateProblem[] {
  return cache.names().flatMap((name) => {
    const origin = cache.originOf(name);
    const { errors, warnings } = findProblems(cache, name, checkUrl);
    const told = (level: TemplateProblem["level"]) => (error: TemplateError) => {
      const { code, template = name, message, hint, line } = error;
      return { level, code, template, message, hint, line, origin };
    };
    return [...errors.map(told("error")), ...warnings.map(told("warning"))];
  });
}

interface Problems {
  readonly errors: readonly TemplateError[];
  readonly warnings: readonly TemplateError[];
}

function findProblems(cache: TemplateCache, name: string, checkUrl: CheckUrl | undefined): Problems {
  const own = attempt(() => cache.get(name));
  if (own instanceof TemplateError) return { errors: [own], warnings: [] };
  const { parent, includes } = own.references;
  const missing = [...(parent ? [parent] : []), ...includes].map((reference) => missingTemplate(cache, own, reference));
  const urls = own.references.urls.map((reference) => ({ reference, error: wrongUrl(own, reference, checkUrl) }));
  const urlErrors = (optional: boolean) =>
    urls.flatMap(({ reference, error }) => (error && reference.optional === optional ? [error] : []));
  const components = own.references.components.map((reference) => wrongComponent(cache, own, reference));
  const lost = [...missing, circle(cache, own), ...components].filter((error) => error !== undefined);
  return {
    errors: [...lost, ...unknownPartials(own), ...urlErrors(false)],
    warnings: [...urlErrors(true), ...unknownBlocks(cache, own)],
  };
}

/** A component that nobody has, or that is given what it does not take. */
function wrongComponent(
  cache: TemplateCache,
  template: CompiledTemplate,
  reference: ComponentReference,
): TemplateError | undefined {
  const file = componentFile(reference.name);
  const found = file === undefined ? undefined : attempt(() => cache.get(file));
  if (found instanceof TemplateError && !(found instanceof TemplateDoesNotExist)) return undefined;
  if (found === undefined || found instanceof TemplateError) {
    return new TemplateDoesNotExist(unknownComponent(reference.name, cache.names()), placeOf(template, reference));
  }
  const mistake = mistakeIn(reference.name, found, reference);
  return mistake && new TemplateSyntaxError(mistake, placeOf(template, reference));
}

function unknownPartials(template: CompiledTemplate): TemplateError[] {
  const known = [...template.partials.keys()];
  const unknown = template.references.partials.filter(({ name }) => !template.partials.has(name));
  return unknown.map((reference) => {
    const error = templatesErrors.TEMPLATES_UNKNOWN_PARTIAL({ partial: reference.name, template: template.name, known });
    return new TemplateSyntaxError(error, placeOf(template, reference));
  });
}

function wrongUrl(
  template: CompiledTemplate,
  reference: UrlReference,
  checkUrl: CheckUrl | undefined,
): TemplateError | undefined {
  const error = checkUrl?.(reference.name, reference.given);
  return error && new TemplateError(error, placeOf(template, reference));
}

function attempt<T>(run: () => T): T | TemplateError {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/** What a template names and nobody has; the faults of one that exists are told where they are. */
function missingTemplate(cache: TemplateCache, template: CompiledTemplate, reference: Reference): TemplateError | undefined {
  const seen = reference.name === template.name && reference === template.references.parent ? [template.origin] : [];
  const found = attempt(() => cache.get(reference.name, seen));
  if (!(found instanceof TemplateDoesNotExist)) return undefined;
  return addPlace(found, placeOf(template, reference)) as TemplateError;
}

/** Parents that come back to the template; one that is its own parent is told with what is missing. */
function circle(cache: TemplateCache, template: CompiledTemplate): TemplateError | undefined {
  const { parent } = template.references;
  if (parent === undefined || parent.name === template.name) return undefined;
  const parents = attempt(() => parentsOf(cache, template));
  if (!(parents instanceof TemplateDoesNotExist) || parents.code !== "TEMPLATES_EXTENDS_ITSELF") return undefined;
  return addPlace(parents, placeOf(template, parent)) as TemplateError;
}

function unknownBlocks(cache: TemplateCache, template: CompiledTemplate): TemplateError[] {
  const parents = attempt(() => parentsOf(cache, template));
  if (parents instanceof TemplateError || parents.length === 0) return [];
  const known = new Set(parents.flatMap((parent) => [...parent.blocks.keys()]));
  const unknown = template.references.blocks.filter(
    ({ name }) => !known.has(name) && !template.references.nestedBlocks.has(name),
  );
  return unknown.map((reference) => {
    const error = templatesErrors.TEMPLATES_UNKNOWN_BLOCK({ block: reference.name, parent: parents[0]!.name, known: [...known] });
    return new TemplateSyntaxError(error, placeOf(template, reference));
  });
}

/** The parents by their literal names; none where one is known only when rendered. */
function parentsOf(cache: TemplateCache, template: CompiledTemplate): CompiledTemplate[] {
  const parents: CompiledTemplate[] = [];
  const origins = [template.origin];
  let current = template;
  while (current.extends) {
    if (current.references.parent === undefined) return [];
    current = cache.get(current.references.parent.name, origins);
    origins.push(current.origin);
    parents.push(current);
  }
  return parents;
}

function placeOf(template: CompiledTemplate, { start, end }: Reference) {
  return { template: template.name, source: template.source, start, end };
}
