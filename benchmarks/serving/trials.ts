import { followAlias } from "../../tests/serving/faults/follow-alias.ts";
import { type Outcome, percentile } from "../../tests/serving/faults/http-load.ts";
import { killHosts } from "../../tests/serving/faults/kill-hosts.ts";
import { overload, QUEUE } from "../../tests/serving/faults/overload.ts";
import { growth, storm } from "../../tests/serving/faults/storm.ts";
import type { Trial, TrialFigure } from "../trial.ts";

const MEGABYTE = 2 ** 20;
/** Seconds that it takes to kill a host and wait for the next answers. */
const KILL = 0.6;

const times = (outcomes: readonly Outcome[]) => outcomes.map(({ took }) => took);
const per = (count: number, seconds: number) => count / seconds;

/** What is done to a server in operation: the same as in the tests of faults, for longer. */
export const trials: readonly Trial[] = [
  {
    name: "storm",
    measures: "a new version every 100 ms and an alias that moves, under 20 clients",
    seconds: 60,
    async run(seconds): Promise<TrialFigure[]> {
      const found = await storm(seconds);
      return [
        { what: "requests", value: per(found.took.length, found.seconds), unit: "requests/s" },
        { what: "p99", value: percentile(found.took, 0.99), unit: "ms" },
        { what: "failed requests", value: found.failed.length, unit: "requests", limit: 0 },
        { what: "wrong versions after the alias moved", value: found.wrong.length, unit: "requests", limit: 0 },
        { what: "versions published", value: found.published, unit: "versions" },
        { what: "versions that answered", value: found.answered.size, unit: "versions" },
        { what: "moves of the alias", value: found.moves, unit: "moves" },
        { what: "memory, all processes, at most", value: Math.max(...found.memory) / MEGABYTE, unit: "MB" },
        { what: "memory, second half over first", value: growth(found.memory), unit: "×", limit: 1.2 },
      ];
    },
  },
  {
    name: "overload",
    measures: `${QUEUE * 4} clients of a model that has a queue of ${QUEUE}`,
    seconds: 10,
    async run(seconds): Promise<TrialFigure[]> {
      const found = await overload(seconds);
      const queueful = (QUEUE / found.capacity) * 1000;
      return [
        { what: "answered to one client alone", value: found.capacity, unit: "requests/s" },
        { what: "p99 of one client alone", value: percentile(found.alone, 0.99), unit: "ms" },
        { what: "sent", value: found.offered, unit: "requests/s" },
        { what: "accepted and answered", value: found.answered, unit: "requests/s" },
        { what: "refused with 503 and Retry-After", value: per(found.refused.length, seconds), unit: "requests/s" },
        { what: "other answers", value: found.failed.length, unit: "requests", limit: 0 },
        {
          what: "p99 of the accepted (limit: 1.5 full queues)",
          value: percentile(times(found.accepted), 0.99),
          unit: "ms",
          limit: Math.round(1.5 * queueful),
        },
        { what: "first answer after the load", value: found.recovery, unit: "ms", limit: 1000 },
        {
          what: "health, not 200",
          value: found.health.filter(({ status }) => status !== 200).length,
          unit: "requests",
          limit: 0,
        },
        { what: "health, the slowest", value: Math.max(...times(found.health)), unit: "ms", limit: 1000 },
      ];
    },
  },
  {
    name: "kill",
    measures: "model hosts killed one after the other, under 16 clients of two models",
    seconds: 20,
    async run(seconds): Promise<TrialFigure[]> {
      const found = await killHosts(Math.ceil(seconds / KILL));
      return [
        { what: "hosts killed", value: found.kills, unit: "hosts" },
        { what: "requests", value: per(found.requests, found.seconds), unit: "requests/s" },
        { what: "failed requests", value: found.failed.length, unit: "requests", limit: 0 },
        { what: "all models answer again, median", value: percentile(found.recoveries, 0.5), unit: "ms", limit: 1000 },
        { what: "all models answer again, at most", value: Math.max(...found.recoveries), unit: "ms" },
        { what: "web process, second half over first", value: growth(found.memory), unit: "×", limit: 1.2 },
        { what: "files left open", value: found.files.at(-1)! - found.files[0]!, unit: "files", limit: 5 },
      ];
    },
  },
  {
    name: "alias",
    measures: "an alias moves in one web process, and another answers by it; both hold both versions",
    seconds: 10,
    async run(seconds): Promise<TrialFigure[]> {
      const took = await followAlias(Math.ceil(seconds * 2));
      return [
        { what: "moves", value: took.length, unit: "moves" },
        { what: "until the other follows, median", value: percentile(took, 0.5), unit: "ms" },
        { what: "until the other follows, at most", value: Math.max(...took), unit: "ms", limit: 1000 },
      ];
    },
  },
];
