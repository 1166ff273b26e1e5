import { defineErrors } from "#kernel";

export const adminErrors = defineErrors({
  /** `modelAdmin()` was given something that is not a model. */
  ADMIN_NOT_A_MODEL: (d: { given: string }) => ({
    message: `modelAdmin(Model, options) needs a model; it was given ${d.given}.`,
    hint: 'modelAdmin(Coffee, { listDisplay: ["name", "price"] })',
  }),
  /** A page of the admin was asked for in a project without the app. */
  ADMIN_NOT_OPEN: () => ({
    message: "The admin's pages are in urls, but admin() is not among the project's apps.",
    hint: "Add admin() to apps in cortado.config.ts.",
  }),
});
