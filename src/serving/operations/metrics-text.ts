/** What a family of numbers is: one that only grows, one that goes up and down, or a table of durations. */
export type MetricType = "counter" | "gauge" | "histogram";

/** One number, or one line of a table, with what it is of. */
export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
  /** What follows the family's name: `_bucket`, `_sum`, `_count`. */
  suffix?: string;
}

/** Numbers of one name. */
export interface MetricFamily {
  name: string;
  type: MetricType;
  help: string;
  samples: readonly Sample[];
}

/** Families as Prometheus reads them: text format, version 0.0.4. Families without a sample are left out. */
export function metricsText(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(familyText)
    .join("");
}

function familyText({ name, type, help, samples }: MetricFamily): string {
  const lines = samples.map(({ labels = {}, value, suffix = "" }) => `${name}${suffix}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
