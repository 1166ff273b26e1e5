import { servingErrors } from "../../errors.ts";
import type { WebAnswer } from "./web-client.ts";

/** What the hub was asked for. */
export interface HubQuestion {
  /** Where people see the repository. */
  page: string;
  ref: string;
  shown: string;
  /** Undefined where it was asked for the list of files. */
  file: string | undefined;
}

const letIn = "Give a token that may read it: HF_TOKEN, or serving.sources.credentials.";

/** Why the hub gave nothing, in words: it tells the kind of refusal in a header. */
export function hubRefusal({ status, headers }: WebAnswer, question: HubQuestion): Error {
  const { page, ref, shown, file } = question;
  const kind = String(headers["x-error-code"] ?? "");
  const fail = (problem: string, hint?: string) =>
    servingErrors.SERVING_SOURCE_FAILED({ what: file ?? `The repository ${shown}`, problem: `${problem} (${status})`, hint });
  if (kind === "GatedRepo" || (file !== undefined && status === 403)) {
    const hint = `Ask for access at ${page}, and give the token of that account: HF_TOKEN, or serving.sources.credentials.`;
    return fail("is given to those alone whom its owner has let in", hint);
  }
  if (kind === "RevisionNotFound") return fail(`has no branch, tag or commit "${ref}"`, "Correct the address of the source.");
  if (kind === "EntryNotFound") return fail("is not there any more", "The next look at the source finds what is there now.");
  if (status === 404) return fail("is not there", "Correct the address of the source.");
  // The hub does not tell strangers whether a repository is private or not there.
  if (status === 401) return fail("is private, or not there", letIn);
  if (status === 403) return fail("is not shown to the token that was given", letIn);
  return fail("was refused by the hub");
}
