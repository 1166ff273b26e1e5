import { servingErrors } from "../../errors.ts";
import { GGUF_FILE, MODEL_FILE, TENSORFLOW_JS_FILE } from "../version-folders.ts";
import type { RemoteFile } from "./remote-origin.ts";

/** Weights of other libraries, pickled or not, and what nobody reads who runs a model. */
const leftOut =
  /\.(?:bin|pt|pth|pkl|pickle|joblib|ckpt|npy|npz|h5|keras|hdf5|msgpack|safetensors|ot|tflite|mlmodel|nemo|rar|7z|zip|tar|gz|tgz|zst|md|png|jpe?g|gif|webp|svg|ico|mp4|webm|mov|wav|mp3|flac|ogg|pdf|ipynb|py|sh|exe|dll|so|dylib)$/i;
/** Numbers that a model's file names; those of other libraries have the same ending. */
const bareWeights = /^(?!pytorch_model|adapter_model|training_args|optimizer|openvino_model|tf_model)[^/]+\.bin$/;
/** One of several files that are one model: `name-00001-of-00003.gguf`. */
const part = /-\d{5}-of-\d{5}\.gguf$/i;

/**
 * The files of a repository's model, with their places in a version's folder. The model is the file or the folder that was
 * named, else `model.onnx` or `onnx/model.onnx`, else the only one of its kind. With it come its weights and what stands beside
 * it: configuration, vocabulary, labels. Pickled weights are no model here, and never come.
 * @throws SERVING_SOURCE_FAILED
 */
export function hubFiles(all: readonly RemoteFile[], wanted: string): RemoteFile[] {
  const model = modelIn(all.map(({ path }) => path), wanted); // oxfmt-ignore
  const folder = model.slice(0, model.lastIndexOf("/") + 1);
  const places = new Map<string, RemoteFile>();
  const add = (file: RemoteFile, place: string) => void (places.has(place) || places.set(place, { ...file, place }));
  for (const file of all) if (isOf(model, file.path)) add(file, placeOf(model, file.path));
  for (const beside of new Set([folder, ""]))
    for (const file of all) if (isBeside(file.path, beside)) add(file, file.path.slice(beside.length));
  return [...places.values()];
}

/** True for the model's file, its further parts and the weights that lie in files of their own. */
function isOf(model: string, path: string): boolean {
  if (path === model) return true;
  if (part.test(model)) return path.replace(part, "") === model.replace(part, "") && part.test(path);
  if (model.endsWith(".gguf")) return false;
  if (path.startsWith(`${model}_data`) || path.startsWith(`${model}.data`)) return true;
  const folder = model.slice(0, model.lastIndexOf("/") + 1);
  return path.startsWith(folder) && bareWeights.test(path.slice(folder.length));
}

/** What the model itself is called in a version's folder; all else keeps its name. */
function placeOf(model: string, path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path !== model || part.test(model)) return name;
  return model.endsWith(".onnx") ? MODEL_FILE : model.endsWith(".gguf") ? GGUF_FILE : name;
}

function isBeside(path: string, folder: string): boolean {
  const name = path.slice(folder.length);
  const isModel = /\.(?:onnx|gguf)$|\.onnx[._]data/i.test(name) || name === TENSORFLOW_JS_FILE;
  return path.startsWith(folder) && !/^\.|\/|^manifest\.json$/.test(name) && !isModel && !leftOut.test(name);
}

/** The model's own file. */
function modelIn(paths: readonly string[], wanted: string): string {
  if (paths.includes(wanted)) {
    if (/\.(?:onnx|gguf)$/.test(wanted) || wanted.split("/").at(-1) === TENSORFLOW_JS_FILE) return firstPart(paths, wanted);
    const hint =
      "Models are files of ONNX and GGUF, and model.json of TensorFlow.js. Pickled weights run code, and are not taken.";
    throw failed(`has "${wanted}", which is no model's file`, hint);
  }
  const prefix = wanted === "" ? "" : `${wanted}/`;
  if (!paths.some((path) => path.startsWith(prefix))) throw failed(`has no folder and no file "${wanted}"`);
  for (const name of [MODEL_FILE, `onnx/${MODEL_FILE}`, TENSORFLOW_JS_FILE, GGUF_FILE])
    if (paths.includes(prefix + name)) return prefix + name;
  const inFolder = (folder: string) =>
    paths.filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes("/"));
  const own = [...inFolder(prefix), ...inFolder(`${prefix}onnx/`)];
  const models = own.filter((path) => /\.(?:onnx|gguf)$/.test(path) && isFirstPart(path));
  if (models.length === 1) return models[0]!;
  const where = wanted === "" ? "" : ` in "${wanted}"`;
  if (models.length > 1) {
    const shown = models.slice(0, 8).map((path) => `#${path}`).join(", "); // oxfmt-ignore
    throw failed(`has ${models.length} models${where}, and has to be told which`, `Add one of these to the address: ${shown}.`);
  }
  const found = paths.filter((path) => path.startsWith(prefix) && /\.(?:onnx|gguf)$/.test(path));
  const pickled = own.some((path) => /\.(?:bin|pt|pth|pkl|ckpt|safetensors)$/.test(path));
  const elsewhere = found.length > 0 ? `There is #${found[0]}.` : undefined;
  const convert = pickled ? "What it has are weights of another library: a version of ONNX or GGUF is needed." : undefined;
  throw failed(`has no model${where}: no .onnx, no .gguf and no model.json`, elsewhere ?? convert);
}

const isFirstPart = (path: string): boolean => !part.test(path) || /-00001-of-\d{5}\.gguf$/i.test(path);

function firstPart(paths: readonly string[], path: string): string {
  return (isFirstPart(path) ? undefined : paths.find((each) => isFirstPart(each) && isOf(path, each))) ?? path;
}

function failed(problem: string, hint?: string): Error {
  return servingErrors.SERVING_SOURCE_FAILED({
    what: "The repository",
    problem,
    hint: hint ?? "Correct the address of the source.",
  });
}
