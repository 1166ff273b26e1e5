import { apiView, byMethod, csrfExempt, type HttpError, type HttpRequest, type HttpResponse, type View, wrapView } from "#http";
import { errorToTell } from "./error-to-tell.ts";
import { type MethodViews, outsideTransactions } from "./method-views.ts";

/** What the parameters of every protocol's addresses may have. */
interface Params {
  name?: string;
  version?: string;
}

/** Writes an error in a protocol's own shape. */
export type ErrorWriter = (error: HttpError, asked: { request: HttpRequest; params: Params }) => HttpResponse;

/** A view of a protocol that other servers' clients speak: its errors have the protocol's shape, and no cookie authenticates it. */
export function protocolView(views: MethodViews, writeError: ErrorWriter): View<any> {
  const byName = byMethod<any>(views);
  const answering: View<Params> = async (request, params) => {
    try {
      return await byName(request, params);
    } catch (error) {
      return writeError(errorToTell(error, request, params.name ?? ""), { request, params });
    }
  };
  return apiView(csrfExempt(wrapView(byName, answering, outsideTransactions)));
}
