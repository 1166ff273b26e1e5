import { defineErrors } from "#kernel";

export const apiErrors = defineErrors({
  /** A request's body is not what the address takes. */
  API_BAD_BODY: (d: { problem: string; example: string }) => ({
    message: `The body ${d.problem}.`,
    hint: `Send, for example: ${d.example}`,
  }),
  /** A request says nothing of who it comes from, and the address is not public. */
  API_UNAUTHENTICATED: (d: { action: string }) => ({
    message: `To ${d.action} needs a token or a session.`,
    hint: "Send Authorization: Bearer TOKEN, or log in.",
  }),
  /** A token without the scope that the address needs. */
  API_MISSING_SCOPE: (d: { scope: string; scopes: readonly string[] }) => ({
    message: `The token may not ${d.scope}. It may: ${d.scopes.length === 0 ? "nothing" : d.scopes.join(", ")}.`,
    hint: `Use a token with the scope "${d.scope}".`,
  }),
  /** A user without the permission that the address needs. */
  API_MISSING_PERMISSION: (d: { permission: string }) => ({
    message: `This needs the permission ${d.permission}.`,
    hint: "Ask someone who administers the site for it.",
  }),
});
