import { type Check, type CheckMessage, checkMessage, CortadoError } from "#kernel";
import { cleanMethods } from "./clean-methods.ts";
import { BaseForm } from "./base-form.ts";

declare module "#kernel" {
  interface AppParts {
    /** The app's forms, `import * as forms from "./forms.ts"`: what is named wrongly in them is found before the start. */
    forms?: Readonly<Record<string, unknown>> | undefined;
  }
}

function isFormClass(value: unknown): value is typeof BaseForm {
  return typeof value === "function" && value.prototype instanceof BaseForm;
}

/** Finds `cleanXyz` methods without a field, and model forms whose fields the model does not have. */
export const formsChecks: Check = (project) =>
  project.apps.flatMap((app) =>
    Object.entries(app.forms ?? {}).flatMap(([name, form]) => (isFormClass(form) ? checkForm(`${app.name}.${name}`, form) : [])),
  );

function checkForm(object: string, form: typeof BaseForm): CheckMessage[] {
  try {
    cleanMethods(form, BaseForm);
    return [];
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    return [checkMessage(error, "error", object)];
  }
}
