import { defineErrors } from "#kernel";
import type { TemplateFrame } from "#templates";

/** A name that a context lacked, and where it stands in which template. */
export interface MissingName extends TemplateFrame {
  readonly name: string;
  /** What it may have meant. */
  readonly hint?: string | undefined;
}

export const testingErrors = defineErrors({
  /** `site.submit` was given the address of a page that has no form, or that does not exist. */
  TESTING_NO_FORM: (d: { path: string; status: number }) => ({
    message: `GET ${d.path} answered ${d.status} without a form that carries a CSRF token.`,
    hint: "Submit to the address of a page with a form, or use site.post with your own headers.",
  }),
  /** `site.webSocket` was answered with a page instead of a WebSocket. */
  TESTING_SOCKET_REFUSED: (d: { path: string; status: number }) => ({
    message: `The WebSocket ${d.path} was refused with ${d.status}.`,
    hint: "Look at what site.get says of the address, and log a user in where the view asks for one.",
  }),
  /** A page of a test site opened with `missingNames: "fail"` asked for names that its context lacked. */
  TESTING_MISSING_NAMES: (d: { missing: readonly MissingName[] }) => ({
    message: `The context lacked ${d.missing.map(({ name, template, line }) => `"${name}" (${template}, line ${line})`).join(", ")}.\n${d.missing[0]?.excerpt ?? ""}`,
    hint: d.missing[0]?.hint ?? 'Give the name, or say what stands without it: {{ name|default:"" }}, {% if name %}.',
  }),
});
