import { path, type UrlPattern, type View } from "#http";
import type { ProtocolOptions } from "../access.ts";
import type { MethodViews } from "../method-views.ts";
import { describeModel, listModels } from "./describe-models.ts";
import { makeDefault, registerModel, scaleWorkers, unregisterModel } from "./manage-models.ts";
import { predictionsView } from "./predictions.ts";
import { ping, torchServeView } from "./torchserve-view.ts";

/**
 * TorchServe's addresses: `ping`, `predictions/…`, and its management of models. Bodies are items for a model with a
 * handler; a model without one takes an object of its inputs, whole, with their first dimension.
 *
 * ```ts
 * export const urls = torchServeUrls(); // /ping, /predictions/…, /models/…
 * ```
 */
export function torchServeUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  const own =
    (view: (request: any, params: any, options: ProtocolOptions) => unknown): View<any> =>
    (request, params) =>
      view(request, params, options);
  const predict: MethodViews = { POST: own(predictionsView), PUT: own(predictionsView) };
  const manage: MethodViews = { GET: own(describeModel), PUT: own(scaleWorkers), DELETE: own(unregisterModel) };
  return [
    path("ping", torchServeView({ GET: ping })),
    path("predictions/", [
      path("<str:name>", torchServeView(predict)),
      path("<str:name>/<str:version>", torchServeView(predict)),
    ]),
    path("models", torchServeView({ GET: own(listModels), POST: own(registerModel) })),
    path("models/", [
      path("<str:name>", torchServeView(manage)),
      path("<str:name>/<str:version>", torchServeView(manage)),
      path("<str:name>/<str:version>/set-default", torchServeView({ PUT: own(makeDefault) })),
    ]),
  ];
}
