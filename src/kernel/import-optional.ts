import { kernelErrors } from "./errors.ts";

/** Install lines that differ from `npm install NAME`. */
const installLines: Record<string, string> = {
  "onnxruntime-node": "npm install --ignore-scripts onnxruntime-node",
  "@grpc/grpc-js": "npm install @grpc/grpc-js @grpc/proto-loader",
  "@tensorflow/tfjs": "npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm",
};

/**
 * Loads an optional peer package. Called only from a `backends/` folder.
 * @throws KERNEL_MISSING_PACKAGE with the exact install line.
 */
export async function importOptional<T>(name: string, feature: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND" && (error as { code?: string }).code !== "MODULE_NOT_FOUND")
      throw error;
    throw kernelErrors.KERNEL_MISSING_PACKAGE({ name, feature, install: installLines[name] ?? `npm install ${name}` });
  }
}
