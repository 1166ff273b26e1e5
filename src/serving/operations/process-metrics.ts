import { performance } from "node:perf_hooks";
import type { MetricFamily, MetricType } from "./metrics-text.ts";

/** What the web process takes, under the names that Prometheus' own clients use. */
export function processMetrics(): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const one = (name: string, type: MetricType, { help, value }: { help: string; value: number }) => ({
    name,
    type,
    help,
    samples: [{ value }],
  });
  return [
    one("process_cpu_seconds_total", "counter", { help: "CPU time of the web process.", value: (user + system) / 1e6 }),
    one("process_resident_memory_bytes", "gauge", { help: "Resident memory of the web process.", value: rss }),
    one("nodejs_heap_size_used_bytes", "gauge", { help: "Memory of JavaScript's objects.", value: heapUsed }),
    one("process_start_time_seconds", "gauge", { help: "When the process started.", value: performance.timeOrigin / 1000 }),
    one("nodejs_eventloop_utilization", "gauge", {
      help: "The share of time in which the event loop was busy.",
      value: performance.eventLoopUtilization().utilization,
    }),
  ];
}
