import { defineErrors, didYouMean } from "#kernel";

export const viewsErrors = defineErrors({
  /** A generic view is asked to look a row up by a parameter that its address does not have. */
  VIEWS_MISSING_PARAMETER: (d: { view: string; wanted: string; given: readonly string[] }) => ({
    message: `${d.view} looks its row up by the parameter "${d.wanted}", but the address has ${d.given.join(", ") || "no parameters"}.`,
    hint: didYouMean(d.wanted, d.given) ?? `Write the address as <int:${d.wanted}>, or name another parameter: { lookup: "…" }.`,
  }),
  /** A generic view has nowhere to go after its form was saved. */
  VIEWS_NO_SUCCESS_URL: (d: { view: string }) => ({
    message: `${d.view} does not know where to go after the form was saved.`,
    hint: 'Give it an address: { successUrl: "/coffee/" }, or a function of the row.',
  }),
  /** A page is asked for that a list does not have. */
  VIEWS_NO_SUCH_PAGE: (d: { page: string; pages: number }) => ({
    message: `There is no page "${d.page}". The list has ${d.pages}.`,
  }),
  /** A form is asked for of a model whose input nothing describes. */
  VIEWS_NO_PREDICTION_FORM: (d: { model: string }) => ({
    message: `No form can be made for the model "${d.model}": it has no input schema, no trained version and no signature.`,
    hint: "Give its handler an `input` schema, or train it first.",
  }),
});
