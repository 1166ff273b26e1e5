import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../scripts/free-port.ts";
import { memoryOf } from "../process-memory.ts";
import type { StartedServer } from "../http/started-server.ts";
import { pythonEnvironment, type PythonPackages } from "../python-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { modelsFolder } from "./models.ts";

const sources = join(import.meta.dirname, "peers");

/** How a model server of Python is installed and started. */
interface PythonServer extends PythonPackages {
  /** Runs in a folder of its own, which it may fill. `bin` is the folder of its commands. */
  command(place: { bin: string; folder: string; port: number; others: readonly number[]; model: string }): readonly string[];
}

/** The model servers of Python, each with the same ONNX file in onnxruntime on one thread, one worker. */
export const pythonServers = {
  mlserver: {
    packages: ["mlserver", "onnxruntime"],
    command({ bin, folder, port, others }) {
      writeJson(join(folder, "settings.json"), { host: "127.0.0.1", http_port: port, grpc_port: others[0], metrics_port: others[1], parallel_workers: 0, debug: false }); // prettier-ignore
      writeJson(join(folder, "model-settings.json"), { name: "digits", implementation: "mlserver_digits.Digits" });
      return [join(bin, "mlserver"), "start", folder];
    },
  },
  litserve: {
    packages: ["litserve", "onnxruntime"],
    command: ({ bin, port, model }) => [join(bin, "python"), join(sources, "litserve_digits.py"), model, `${port}`, "1"],
  },
  "litserve, batches of 32": {
    packages: ["litserve", "onnxruntime"],
    command: ({ bin, port, model }) => [join(bin, "python"), join(sources, "litserve_digits.py"), model, `${port}`, "32"],
  },
  bentoml: {
    packages: ["bentoml", "onnxruntime"],
    command: ({ bin, port }) => [
      join(bin, "bentoml"),
      "serve",
      "bentoml_digits:Digits",
      "--host",
      "127.0.0.1",
      "--port",
      `${port}`,
    ],
  },
  torchserve: {
    packages: ["torchserve", "torch-model-archiver", "onnxruntime", "pyyaml"],
    debian: true,
    imports: { module: "torch", from: "python3-torch" },
    command({ bin, folder, port, others }) {
      const archive = ["--model-name", "digits", "--version", "1.0", "--handler", join(sources, "torchserve_digits.py")];
      const extra = ["--extra-files", join(sources, "digits_session.py"), "--export-path", folder];
      spawnSync(join(bin, "torch-model-archiver"), [...archive, ...extra], { stdio: "ignore" });
      const address = (name: string, at: number) => `${name}_address=http://127.0.0.1:${at}`;
      const lines = [address("inference", port), address("management", others[0]!), address("metrics", others[1]!)];
      lines.push("load_models=digits.mar", "default_workers_per_model=1", "disable_token_authorization=true");
      writeFileSync(join(folder, "config.properties"), lines.join("\n"));
      const config = ["--ts-config", join(folder, "config.properties"), "--model-store", folder];
      return [join(bin, "torchserve"), "--foreground", "--ncs", ...config];
    },
  },
  "triton (pytriton)": {
    packages: ["nvidia-pytriton", "onnxruntime", "numpy<2"],
    debian: true,
    command: ({ bin, port, model }) => [join(bin, "python"), join(sources, "pytriton_digits.py"), model, `${port}`, "32"],
  },
} satisfies Record<string, PythonServer>;

export type PythonServerName = keyof typeof pythonServers;

/** Starts a server with the digits model; it has answered at `path` when the promise is fulfilled. */
export function startPythonServer(name: PythonServerName): () => Promise<StartedServer> {
  return async () => {
    const peer: PythonServer = pythonServers[name];
    const bin = join(pythonEnvironment(name.split(/[, ]/)[0]!, peer), "bin");
    const folder = temporaryFolder();
    const model = join(modelsFolder(), "digits/1/model.onnx");
    const [port, ...others] = (await Promise.all([freePort(), freePort(), freePort()])) as [number, number, number];
    const [file, ...words] = peer.command({ bin, folder, port, others, model });
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env["PATH"]}`,
      PYTHONPATH: sources,
      BENCH_MODEL: model,
      BENCH_BATCH: "1",
    };
    // A group of its own: these servers have children that their own end does not always end.
    const child = spawn(file!, words, { cwd: folder, env, stdio: "ignore", detached: true });
    const close = () => endGroup(child);
    try {
      await answering(child, port);
    } catch (error) {
      await close();
      throw error;
    }
    return { port, memory: async () => memoryOf(child.pid!), close };
  };
}

/** Waits until something listens. */
async function answering(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`its process ended with ${child.exitCode}`);
    if (await accepts(port)) return;
    await pause(200);
  }
  throw new Error("it did not listen within a minute");
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  const signal = (name: "SIGTERM" | "SIGKILL") => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // None of the group is left.
    }
  };
  signal("SIGTERM");
  await Promise.race([once(child, "exit"), pause(5000)]);
  signal("SIGKILL");
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value));
}
