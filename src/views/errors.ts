import { defineErrors, didYouMean } from "#kernel";

export const viewsErrors = defineErrors({
  /** A generic view is asked to look a row up by a parameter that its address does not have. */
  VIEWS_MISSING_PARAMETER: (d: { view: string; wanted: readonly string[]; given: readonly string[] }) => ({
    message: `${d.view} looks its row up by the parameter ${d.wanted.map((name) => `"${name}"`).join(" or ")}, but the address has ${d.given.join(", ") || "no parameters"}.`,
    hint:
      didYouMean(d.wanted[0]!, d.given) ??
      `Write the address as <int:${d.wanted[0]}>, or name another field and parameter: { slugField: "…" }.`,
  }),
  /** A generic view has nowhere to go after its form was taken. */
  VIEWS_NO_SUCCESS_URL: (d: { view: string }) => ({
    message: `${d.view} does not know where to go after the form was saved.`,
    hint: 'Give it an address: { successUrl: "/coffee/" }, or a function of the row.',
  }),
  /** A generic view is given options that do not go together. */
  VIEWS_BAD_OPTIONS: (d: { view: string; problem: string; hint: string }) => ({
    message: `${d.view}: ${d.problem}`,
    hint: d.hint,
  }),
  /** An address or a message names a value that is not there. */
  VIEWS_UNKNOWN_PLACEHOLDER: (d: { text: string; given: string; known: readonly string[] }) => ({
    message: `"${d.text}" names "{${d.given}}", but there is ${d.known.length > 0 ? `only ${d.known.join(", ")}` : "no value at all"}.`,
    hint: didYouMean(d.given, d.known) ?? "Name a value that is there, or give a function.",
  }),
  /** A page is asked for that a list does not have. */
  VIEWS_NO_SUCH_PAGE: (d: { page: string; problem: string; pages?: number | undefined }) => ({
    message: d.problem,
    hint: `Asked for was "${d.page}"${d.pages === undefined ? "" : `; there are pages 1 to ${d.pages}`}.`,
  }),
  /** A form is asked for of a model whose input nothing describes. */
  VIEWS_NO_PREDICTION_FORM: (d: { model: string }) => ({
    message: `No form can be made for the model "${d.model}": it has no input schema, no trained version and no signature.`,
    hint: "Give its handler an `input` schema, or train it first.",
  }),
  /** A message is rendered from templates before a project is open. */
  VIEWS_NO_MAIL_TEMPLATES: (d: { name: string }) => ({
    message: `The message "${d.name}" cannot be rendered: no project is open.`,
    hint: "Open the project first, or give an engine: renderMail(name, context, { using: engine }).",
  }),
});
