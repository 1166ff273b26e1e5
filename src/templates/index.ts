export { checkTemplateFolders, checkTemplates } from "./checks.ts";
export { Engine, type EngineOptions, type OnMissingName, type TemplateSettings } from "./engine.ts";
export { templatesErrors } from "./errors.ts";
export { filter, type FilterFunction, type FilterOptions, type FilterState, type Library, library, type RegisteredFilter, type TagParser } from "./library.ts"; // prettier-ignore
export { escapeHtml, safe, SafeString } from "./safe-string.ts";
export { CompiledTemplate, type TemplateSource } from "./template.ts";
export {
  TemplateDoesNotExist,
  TemplateError,
  type TemplateFrame,
  templateContext,
  TemplateSyntaxError,
  templateTrace,
} from "./template-error.ts";
export { declareTemplates } from "./reads/declare-templates.ts";
export { type FoundMessage, type MessageProblem, templateMessages } from "./template-messages.ts";
export type { Attributes, TemplateReads } from "./reads/template-reads.ts";
export { type Rendered, templateRendered } from "./template-rendered.ts";
export { type ContextFor, type Reading, template, type TemplateChoice, type TemplateFor, type TemplateName, type TemplateNames, TypedTemplate } from "./reads/typed-template.ts"; // prettier-ignore
export { templateFragmentKey } from "./libraries/cache.ts";
export { staticLibrary } from "./libraries/static.ts";
export type { Loader } from "./loaders/loader.ts";
export type { TemplateProblem } from "./verify.ts";
export { blockTag, type BlockTagOptions, inclusionTag, simpleTag, TagContext, type TagOptions } from "./tags/custom.ts";
export type { Compiler } from "./compiler.ts";
export type { Parser } from "./parser.ts";
export type { TemplateNode } from "./nodes.ts";
export type { Token } from "./lexer.ts";
