import type { CheckMessage } from "#kernel";
import type { LimitDefaults } from "../engines/limits.ts";
import { unsoundNumbers } from "../handlers/demand-sound.ts";
import { checkHosts } from "../hosts/check-hosts.ts";
import type { HostSettings } from "../hosts/host-settings.ts";
import { checkLoading } from "./check-loading.ts";
import type { LoadingOptions } from "./loading-options.ts";

/** How a server loads and runs its models. */
export interface RunningOptions extends LoadingOptions, LimitDefaults {
  hosts?: HostSettings | undefined;
}

/** What is wrong with how models are to be loaded and run: a project's settings, or options in code. */
export function checkRunning(options: RunningOptions, object: string): CheckMessage[] {
  return [...checkLoading(options, object), ...checkLimits(options, object), ...checkHosts(options.hosts, `${object}.hosts`)];
}

function checkLimits({ deadline, instances, batch, queue, idle }: RunningOptions, object: string): CheckMessage[] {
  return [...unsoundNumbers({ deadline, instances, batch, queue, idle })].map(({ option, problem }) => ({
    level: "error",
    code: "SERVING_CHECK_BAD_LIMIT",
    object: `${object}.${option}`,
    message: `It ${problem}.`,
  }));
}
