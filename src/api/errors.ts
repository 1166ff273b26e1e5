import { defineErrors, didYouMean } from "#kernel";

export const apiErrors = defineErrors({
  /** A request's body is not what the address takes. */
  API_BAD_BODY: (d: { problem: string; example: string }) => ({
    message: `The body ${d.problem}.`,
    hint: `Send, for example: ${d.example}`,
  }),
  /** What a list is to be chosen by is none of what there is. */
  API_BAD_QUERY: (d: { name: string; value: string; known: readonly string[] }) => ({
    message: `The parameter "${d.name}" is ${JSON.stringify(d.value)}, and must be one of ${d.known.join(", ")}.`,
    hint: didYouMean(d.value, d.known) ?? "Leave it out for all of them.",
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
