import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const recorded = "/usr/share/pocketsphinx/test/data";

/** Why a test that needs recorded speech is skipped, or false. */
export const nobodySpeaks = !existsSync(recorded) && "Debian's pocketsphinx-testdata is not installed";

/** Why a test that needs spoken text is skipped, or false. */
export const noVoice = spawnSync("espeak-ng", ["--version"]).status !== 0 && "espeak-ng is not installed";

/** A recording of "go forward ten meters", 16,000 samples a second, from -1 to 1. */
export function goForward(): Float32Array {
  return samplesOf(readFileSync(`${recorded}/goforward.raw`));
}

/** A piece of an audio book. */
export function audioBook(): Float32Array {
  return withoutHead(readFileSync(`${recorded}/librivox/sense_and_sensibility_01_austen_64kb-0880.wav`)).samples;
}

/** A text spoken by a machine, 16,000 samples a second. */
export function spoken(text: string, voice: string): Float32Array {
  const { stdout } = spawnSync("espeak-ng", ["-v", voice, "--stdout", text], { maxBuffer: 2 ** 24 });
  const { samples, rate } = withoutHead(stdout);
  return Float32Array.from({ length: Math.floor((samples.length * 16_000) / rate) }, (_, i) => {
    const at = (i * rate) / 16_000;
    const [left, right] = [samples[Math.floor(at)]!, samples[Math.ceil(at)] ?? 0];
    return left + (right - left) * (at % 1);
  });
}

/** The samples of a WAV file of 16-bit numbers and one channel. */
function withoutHead(file: Buffer): { samples: Float32Array; rate: number } {
  const start = file.indexOf("data") + 8;
  return { samples: samplesOf(file.subarray(start)), rate: file.readUInt32LE(24) };
}

function samplesOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2) / 32_768);
}
