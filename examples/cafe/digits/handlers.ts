import { handler, tensor } from "cortado/serving";
import { z } from "zod";

/** Which digit a drawing of 28 × 28 pixels shows, white on black, row by row, each pixel between 0 and 1. */
export const digits = handler({
  name: "digits",
  source: "file:digits/models/digits",
  access: "public",
  input: z.object({ pixels: z.array(z.number().min(0).max(1)).length(784) }),
  output: z.object({ digit: z.number(), confidence: z.number(), probabilities: z.array(z.number()) }),
  preprocess: ({ pixels }) => ({ image: tensor("float32", pixels, [784]) }),
  postprocess: ({ scores }) => {
    const probabilities = Array.from(scores!.data as Float32Array);
    const confidence = Math.max(...probabilities);
    return { digit: probabilities.indexOf(confidence), confidence, probabilities };
  },
});
