import type { View } from "../view.ts";
import { afterView } from "./after-view.ts";

const header = "x-frame-options";

/** No page may show this one in a frame, whatever the project's setting. `path("pay/", xframeDeny(pay))` */
export function xframeDeny<P>(view: View<P>): View<P> {
  return afterView(view, (response) => void response.setHeader(header, "DENY"));
}

/** Pages of this site may show this one in a frame. `path("preview/", xframeSameOrigin(preview))` */
export function xframeSameOrigin<P>(view: View<P>): View<P> {
  return afterView(view, (response) => void response.setHeader(header, "SAMEORIGIN"));
}

/** Any page may show this one in a frame. `path("widget/", xframeExempt(widget))` */
export function xframeExempt<P>(view: View<P>): View<P> {
  return afterView(view, (response) => void response.withhold(header));
}
