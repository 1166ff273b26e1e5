import type { CheckMessage, ProjectSettings } from "#kernel";
import { Resolver } from "#http";
import { projectProtocols } from "./protocol-urls.ts";

/** An address of each protocol that its clients ask for. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  "open-inference": ["/v2", "/v2/models/name/infer"],
  health: ["/health/live"],
  metrics: ["/metrics"],
  "tensorflow-serving": ["/v1/models/name", "/v1/models/name:predict"],
  torchserve: ["/ping", "/predictions/name", "/models"],
  mlflow: ["/mlflow/name/invocations"],
  openai: ["/openai/v1/models"],
};

/** Tells where the project's own addresses, which go first, take those of a protocol that it speaks. */
export function checkAddresses({ urls = [], serving }: ProjectSettings): CheckMessage[] {
  if (urls.length === 0) return [];
  const resolver = new Resolver(urls);
  return (serving?.protocols ?? projectProtocols).flatMap((name) => {
    const taken = addresses[name]?.find((address) => resolver.resolve(address) !== undefined);
    return taken === undefined ? [] : [collision(name, taken)];
  });
}

function collision(name: string, address: string): CheckMessage {
  return {
    level: "warning",
    code: "SERVING_CHECK_TAKEN_ADDRESS",
    object: "serving.protocols",
    message: `The project's own urls answer ${address}, which clients of "${name}" ask for.`,
    hint: `Move them, or leave "${name}" out of serving.protocols.`,
  };
}
