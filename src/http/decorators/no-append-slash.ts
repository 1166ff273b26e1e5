import { type View, wrapView } from "../view.ts";

/** The address without its slash is 404, and not sent on to this view. `path("sensitive/", noAppendSlash(view))` */
export function noAppendSlash<P>(view: View<P>): View<P> {
  return wrapView(view, view, { appendSlash: false });
}
