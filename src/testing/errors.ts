import { defineErrors } from "#kernel";

export const testingErrors = defineErrors({
  /** `site.submit` was given the address of a page that has no form, or that does not exist. */
  TESTING_NO_FORM: (d: { path: string; status: number }) => ({
    message: `GET ${d.path} answered ${d.status} without a form that carries a CSRF token.`,
    hint: "Submit to the address of a page with a form, or use site.post with your own headers.",
  }),
});
