import { readdirSync } from "node:fs";
import { extname } from "node:path";
import { servingErrors } from "../../errors.ts";

/** How a file of another kind becomes one that runs here, by its ending. */
const WAYS: Readonly<Record<string, string>> = {
  ".onnx": "Rename it.",
  ".pt": "Export the model by torch.onnx.export, or run the file in Python: runtime: python({ trusted: true }) of a handler.",
  ".pth": "Export the model by torch.onnx.export.",
  ".safetensors": "Export the model by torch.onnx.export.",
  ".joblib": "Export the model by skl2onnx, or run the file in Python: runtime: python({ trusted: true }) of a handler.",
  ".pkl": "Export the model by skl2onnx, or run the file in Python: runtime: python({ trusted: true }) of a handler.",
  ".pb": "Convert the model by tf2onnx.",
  ".h5": "Convert the model by tf2onnx.",
  ".keras": "Convert the model by tf2onnx.",
  ".tflite": "Convert the model by tf2onnx.",
};

/** The error for a version without its model file. A file that may have been meant is named, with what can be done. */
export function missingFile(directory: string, file: string): Error {
  const meant = readdirSync(directory).find((name) => Object.hasOwn(WAYS, extname(name)));
  if (meant === undefined) return servingErrors.SERVING_BAD_ARTIFACT({ file, problem: "is not there" });
  return servingErrors.SERVING_BAD_ARTIFACT({ file, problem: `is not there; ${meant} is`, hint: WAYS[extname(meant)] });
}
