import type * as Grpc from "@grpc/grpc-js";
import { HttpError } from "#http";
import type { Call, GrpcContext } from "./calls.ts";
import { serverReady } from "./model-calls.ts";

interface HealthRequest {
  service: string;
}

type ServingStatus = "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";

/** The services that are asked for by name; "" is the server as a whole. */
const services: readonly string[] = ["", "inference.GRPCInferenceService"];
/** Milliseconds between two looks of who watches. */
const LOOK_EVERY = 500;

const statusNow = (call: Pick<Call, "models" | "closing">): ServingStatus => (serverReady(call) ? "SERVING" : "NOT_SERVING");

/** The health of the server, asked once. It needs no token: who balances loads has none. */
export const healthCalls = {
  Check({ service }: HealthRequest, call: Call) {
    if (!services.includes(service)) throw new HttpError(404, `There is no service "${service}".`);
    return { status: statusNow(call) };
  },
  List: (_request: object, call: Call) => ({
    statuses: Object.fromEntries(services.map((service) => [service, { status: statusNow(call) }])),
  }),
};

/** The health of a service now, and whenever it changes. */
export function watchHealth(context: GrpcContext): Grpc.handleServerStreamingCall<HealthRequest, { status: ServingStatus }> {
  return (call) => {
    context.running.add(call);
    let told: ServingStatus | undefined;
    const tell = () => {
      const status = services.includes(call.request.service) ? statusNow(context) : "SERVICE_UNKNOWN";
      if (status !== told) call.write({ status: (told = status) });
    };
    const timer = setInterval(tell, LOOK_EVERY).unref();
    const end = () => {
      clearInterval(timer);
      context.closing.removeEventListener("abort", closing);
    };
    const closing = () => {
      tell();
      end();
      call.end();
    };
    context.closing.addEventListener("abort", closing, { once: true });
    call.on("cancelled", end);
    tell();
    if (context.closing.aborted) closing();
  };
}
