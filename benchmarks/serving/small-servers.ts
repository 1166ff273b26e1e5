import { join } from "node:path";
import { defineApp, include, path } from "cortado";
import { modelUrls, serveDirectory } from "cortado/serving";
import Fastify from "fastify";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { listenWithFastify, listenWithProject } from "../http/listen.ts";
import { codedDigits, digits, identity, modelsFolder } from "./models.ts";

/** Cortado's predict route with the model, with code around it, without one, and the model called inside a bare server. */
export const servers: Record<string, () => Promise<number>> = {
  cortado: () => serveHandler(digits(modelsFolder())),
  "cortado, with code": () => serveHandler(codedDigits(modelsFolder())),
  "cortado, identity handler": () => serveHandler(identity()),
  "cortado serve": async () => Number(new URL((await serveDirectory(modelsFolder(), { port: 0 })).url).port),
  "fastify + onnxruntime-node": async () => {
    const session = await InferenceSession.create(join(modelsFolder(), "digits/1/model.onnx"), { intraOpNumThreads: 1 });
    const server = Fastify();
    server.post("/api/models/digits/predict", async (request) => {
      const { image } = (request.body as { input: { image: number[] } }).input;
      const { scores } = await session.run({ image: new Tensor("float32", image, [1, 784]) });
      return { output: { scores: Array.from(scores!.data as Float32Array) } };
    });
    return listenWithFastify(server);
  },
};

function serveHandler(handler: unknown): Promise<number> {
  const app = defineApp({ name: "bench", handlers: { handler } });
  return listenWithProject({ apps: [app], urls: [path("api/", include(modelUrls()))] });
}
