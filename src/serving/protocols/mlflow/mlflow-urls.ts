import { packageVersion } from "#kernel";
import { HttpResponse, include, path, text, type UrlPattern } from "#http";
import type { ProtocolOptions } from "../access.ts";
import { invocationsView } from "./invocations.ts";
import { mlflowView } from "./mlflow-view.ts";

/**
 * MLflow's scoring addresses for one model, to be mounted under a prefix: `ping`, `health`, `version` and `invocations`.
 * What comes is taken as items for the handler.
 *
 * ```ts
 * path("scoring/", include(mlflowUrls("churn"))); // POST /scoring/invocations
 * ```
 */
export function mlflowUrls(model: string, options: ProtocolOptions = {}): UrlPattern<{}>[] {
  return scoringUrls(options).map((pattern) => ({ ...pattern, extra: { name: model } }));
}

/** The scoring addresses of every model, each under its name: `/mlflow/churn/invocations`. */
export function mlflowUrlsByName(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  return [path("mlflow/<str:name>/", include(scoringUrls(options))) as unknown as UrlPattern<{}>];
}

function scoringUrls(options: ProtocolOptions): UrlPattern<{}>[] {
  const healthy = mlflowView({
    GET: (request, { name }: { name: string }) => {
      const ready = request.services.models.describe(name).ready;
      return new HttpResponse("\n", { status: ready ? 200 : 404, headers: { "content-type": "application/json" } });
    },
  });
  return [
    path("ping", healthy),
    path("health", healthy),
    path("version", mlflowView({ GET: () => text(packageVersion()) })),
    path("invocations", mlflowView({ POST: (request, params) => invocationsView(request, params, options) })),
  ];
}
