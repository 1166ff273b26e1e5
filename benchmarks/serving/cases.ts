import type { Case } from "../measure.ts";
import { inProcess } from "./in-process.ts";
import { overHttp } from "./over-http.ts";
import { sideBySide } from "./side-by-side.ts";

export const cases: readonly Case[] = [...overHttp, ...inProcess, ...sideBySide];

export { trials } from "./trials.ts";
