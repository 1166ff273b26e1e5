import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import { toResponse } from "../to-response.ts";
import { type View, wrapView } from "../view.ts";

/**
 * One view a content type: the one that the client wants most answers, of equals the first. 406 where it wants none of them.
 *
 * ```ts
 * path("coffee/", negotiate({ "text/html": coffeePage, "application/json": coffeeData }));
 * ```
 * @throws HttpError 406
 */
export function negotiate<P>(views: Readonly<Record<string, View<P>>>): View<P> {
  const types = Object.keys(views);
  const first = Object.values(views)[0]!;
  return wrapView(first, async (request, params) => {
    const type = request.preferredType(types);
    if (type === undefined) {
      const given = request.headers.accept ?? "";
      throw HttpError.from(406, httpErrors.HTTP_NOT_ACCEPTABLE({ given, types }), { vary: "Accept" });
    }
    const response = await toResponse(await views[type]!(request, params), request);
    return response.vary("Accept");
  });
}
