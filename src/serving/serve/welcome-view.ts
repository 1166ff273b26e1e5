import { json, type HttpRequest } from "#http";

/** Where to go from the address that `cortado serve` prints. It tells nothing of the models, so nobody is asked for a token. */
const addresses = {
  models: "/api/models",
  predict: "POST /api/models/NAME/predict",
  health: "/health/ready",
  metrics: "/metrics",
  openInference: "/v2",
  tensorflowServing: "/v1/models/NAME",
  torchserve: "/predictions/NAME",
  openai: "/openai/v1",
};

/** The answer at `/`. */
export function welcomeView(_request: HttpRequest) {
  return json({ serves: "models", addresses });
}
