import { gettext, ngettext } from "#kernel/i18n";
import { fillMessage, ValidationError } from "#validation";

const formsetMessages = {
  missing_management_form: (_: { field_names: string }) =>
    gettext(
      "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to file a bug report if the issue persists.",
    ),
  too_many_forms: ({ num }: { num: number }) =>
    ngettext("Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", num),
  too_few_forms: ({ num }: { num: number }) =>
    ngettext("Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", num),
};

/** Refuses a whole formset, in words of its own where it has some for the code. */
export function formsetRefusal<Code extends keyof typeof formsetMessages>(
  code: Code,
  params: Parameters<(typeof formsetMessages)[Code]>[0],
  own: Readonly<Record<string, string>> = {},
): ValidationError {
  const message = own[code] ?? formsetMessages[code](params as never);
  return new ValidationError(fillMessage(message, { ...params }), { code });
}
