import { didYouMean, defineErrors } from "#kernel";

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

export const templatesErrors = defineErrors({
  /** A tag's or an expression's words do not make sense to it. */
  TEMPLATES_BAD_SYNTAX: (d: { problem: string; hint?: string }) => ({ message: d.problem, hint: d.hint }),
  /** A tag is named that neither the builtins nor a loaded library has. */
  TEMPLATES_UNKNOWN_TAG: (d: {
    tag: string;
    expected: readonly string[];
    known: readonly string[];
    library?: string | undefined;
  }) => ({
    message: `There is no tag "${d.tag}" here${d.expected.length > 0 ? `; ${quoted(d.expected)} would close what is open` : ""}.`,
    hint: d.library
      ? `Load its library first: {% load ${d.library} %}.`
      : (didYouMean(d.tag, [...d.expected, ...d.known]) ?? "Load the library that has it with {% load %}."),
  }),
  /** A filter is named that neither the builtins nor a loaded library has. */
  TEMPLATES_UNKNOWN_FILTER: (d: { filter: string; known: readonly string[]; library?: string | undefined }) => ({
    message: `There is no filter "${d.filter}".`,
    hint: d.library
      ? `Load its library first: {% load ${d.library} %}.`
      : (didYouMean(d.filter, d.known) ?? "Load the library that has it with {% load %}."),
  }),
  /** `{% load %}` names a library that is not registered. */
  TEMPLATES_UNKNOWN_LIBRARY: (d: { library: string; known: readonly string[] }) => ({
    message: `There is no template library "${d.library}". There are: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.library, d.known) ?? "Register it in an app's templateLibraries.",
  }),
  /** A tag is given arguments that its function does not take, or lacks some that it needs. */
  TEMPLATES_BAD_ARGUMENTS: (d: { tag: string; problem: string; takes: readonly string[]; hint?: string }) => ({
    message: `{% ${d.tag} %} ${d.problem}. It takes: ${d.takes.join(", ") || "nothing"}.`,
    hint: d.hint,
  }),
  /** A tag that needs an end has none. */
  TEMPLATES_UNCLOSED_TAG: (d: { tag: string; expected: readonly string[] }) => ({
    message: `The tag "${d.tag}" is never closed.`,
    hint: `Close it with {% ${d.expected.at(-1) ?? `end${d.tag}`} %}.`,
  }),
  /** No loader has a template of this name. */
  TEMPLATES_DOES_NOT_EXIST: (d: { name: string; tried: readonly string[]; known: readonly string[] }) => ({
    message: `There is no template "${d.name}".${d.tried.length > 0 ? ` Looked in: ${d.tried.join(", ")}.` : ""}`,
    hint: didYouMean(d.name, d.known),
  }),
  /** Templates extend each other in a circle, or one extends itself and no other folder has one of its name. */
  TEMPLATES_EXTENDS_ITSELF: (d: { name: string }) => ({
    message: `There is no other template "${d.name}" to extend: the parents of this template lead back to it.`,
    hint: "A template may extend one of its own name in another folder; the last one extends one of another name, or nothing.",
  }),
  /** `{% component %}` names none that is there. */
  TEMPLATES_UNKNOWN_COMPONENT: (d: { component: string; known: readonly string[] }) => ({
    message: `There is no component "${d.component}". There are: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.component, d.known) ?? `Write templates/components/${d.component}.html in one of your apps.`,
  }),
  /** A component is given what it has no prop for, and shows no attributes. */
  TEMPLATES_UNKNOWN_PROP: (d: { component: string; prop: string; known: readonly string[] }) => ({
    message: `The component "${d.component}" has no prop "${d.prop}". It has: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.prop, d.known) ?? "Declare it in the component's {% props %}, or show it with {% attrs %}.",
  }),
  /** A component is not given a prop that has no default. */
  TEMPLATES_MISSING_PROP: (d: { component: string; props: readonly string[] }) => ({
    message: `The component "${d.component}" needs ${quoted(d.props)}.`,
    hint: `Write {% component "${d.component}" ${d.props.map((name) => `${name}=…`).join(" ")} %}.`,
  }),
  /** A slot is filled that the component does not have: it would never be seen. */
  TEMPLATES_UNKNOWN_SLOT: (d: { component: string; slot: string; known: readonly string[] }) => ({
    message: `The component "${d.component}" has no slot "${d.slot}". It has: ${d.known.join(", ") || "none"}.`,
    hint:
      d.slot === "default"
        ? "Write {% slot %}{% endslot %} in the component, where what stands in its tag belongs."
        : didYouMean(d.slot, d.known),
  }),
  /** A template has no partial of this name. */
  TEMPLATES_UNKNOWN_PARTIAL: (d: { partial: string; template: string; known: readonly string[] }) => ({
    message: `The template "${d.template}" defines no partial "${d.partial}". It defines: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.partial, d.known),
  }),
  /** A block is overridden that no parent has: it would never be seen. Found by the check of all templates. */
  TEMPLATES_UNKNOWN_BLOCK: (d: { block: string; parent: string; known: readonly string[] }) => ({
    message: `No parent of this template has a block "${d.block}", so it is never printed. "${d.parent}" has: ${d.known.join(", ") || "none"}.`,
    hint: didYouMean(d.block, d.known),
  }),
  /** A folder of templates is not there. */
  TEMPLATES_CHECK_NO_FOLDER: (d: { directory: string }) => ({
    message: `The setting templates.directories names the folder ${d.directory}, which is not there.`,
    hint: "Make it, or take it out of the setting.",
  }),
  /** Templates include one another without end, or a partial itself. */
  TEMPLATES_TOO_DEEP: (d: { template: string; depth: number }) => ({
    message: `"${d.template}" is included within itself more than ${d.depth} levels deep.`,
    hint: "Include it under an {% if %} that ends.",
  }),
  /** A filter's argument, or a tag's, names something that the context lacks. */
  TEMPLATES_MISSING_NAME: (d: { name: string }) => ({ message: `The context has no "${d.name}".` }),
  /** A value cannot be used the way the template uses it. */
  TEMPLATES_BAD_VALUE: (d: { problem: string; hint?: string }) => ({ message: d.problem, hint: d.hint }),
  /** `renderSync` met a promise or a QuerySet. */
  TEMPLATES_PENDING_VALUE: (d: { template: string }) => ({
    message: `"${d.template}" uses a value that must be awaited, and was rendered by renderSync.`,
    hint: "Use `await engine.render(…)`.",
  }),
});
