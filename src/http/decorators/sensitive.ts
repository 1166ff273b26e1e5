import { type View, wrapView } from "../view.ts";

/**
 * Reports of an error in the view do not show these fields of a form; without names, none.
 *
 * ```ts
 * path("pay/", sensitivePostParameters(pay, "cardNumber", "cvc"));
 * ```
 */
export function sensitivePostParameters<P>(view: View<P>, ...names: readonly string[]): View<P> {
  return wrapView(view, view, { sensitiveFields: names.length === 0 ? true : names });
}
