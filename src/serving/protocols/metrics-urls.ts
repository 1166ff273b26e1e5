import { apiView, byMethod, csrfExempt, type HttpRequest, HttpResponse, include, path, type UrlPattern } from "#http";
import { type ProtocolOptions, tokenAuthorizerOf } from "./access.ts";
import { metricsText } from "../operations/metrics-text.ts";
import { ownMetrics } from "../operations/own-metrics.ts";
import { processMetrics } from "../operations/process-metrics.ts";
import { measuredVersions } from "../operations/measured-versions.ts";
import { tensorFlowServingMetrics } from "../operations/tensorflow-serving-metrics.ts";
import { torchServeMetrics } from "../operations/torchserve-metrics.ts";
import { tritonMetrics } from "../operations/triton-metrics.ts";

/**
 * `metrics`, for Prometheus: Cortado's own numbers, and the same under the names of Triton, TorchServe and TensorFlow Serving,
 * whose own address is there too. It needs a token, unless the server is open to its own machine.
 */
export function metricsUrls(options: ProtocolOptions = {}): UrlPattern<{}>[] {
  const view = apiView(csrfExempt(byMethod({ GET: (request) => metricsView(request, options) })));
  return [path("metrics", view), path("monitoring/", include([path("prometheus/metrics", view)]))];
}

async function metricsView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  await tokenAuthorizerOf(request, options).authorize(request, "list");
  const { models } = request.services;
  const versions = measuredVersions(models);
  const families = [
    ...ownMetrics(models, versions),
    ...processMetrics(),
    ...tritonMetrics(versions),
    ...torchServeMetrics(versions),
    ...tensorFlowServingMetrics(versions),
  ];
  return new HttpResponse(metricsText(families), { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}
