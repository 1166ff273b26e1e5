import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import { toResponse } from "../to-response.ts";
import { type View, type ViewMarks, wrapView } from "../view.ts";

/**
 * A view whose answer is changed before it goes on: what decorators are made with that look at an answer.
 *
 * ```ts
 * const branded = <P>(view: View<P>) => afterView(view, (response) => void response.setHeader("x-roast", "dark"));
 * ```
 */
export function afterView<P>(
  view: View<P>,
  change: (response: HttpResponse, request: HttpRequest) => HttpResponse | void | Promise<HttpResponse | void>,
  marks?: ViewMarks,
): View<P> {
  return wrapView(
    view,
    async (request, params) => {
      const response = await toResponse(await view(request, params), request);
      return (await change(response, request)) ?? response;
    },
    marks,
  );
}
