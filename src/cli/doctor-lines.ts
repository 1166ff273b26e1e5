import type { LanguageContents, ModelReport, TimedWriting } from "#serving";
import { readableBytes } from "./readable-bytes.ts";
import { readableDuration } from "./readable-duration.ts";
import { signatureLines } from "./signature-lines.ts";
import { tableLines } from "./table-lines.ts";

/** The operators that are named; the rest is counted. */
const NAMED = 8;

/** What the doctor found, for a person. */
export function reportLines(report: ModelReport): string[] {
  const { model, version, kind, runtime, problem, advice } = report;
  const head = `${model}${version === undefined ? "" : ` version ${version}`}, run by ${runtime ?? kind}`;
  if (problem !== undefined) {
    const [said] = advice.reasons;
    return [head, ...contentsLines(report), "", "It does not load.", said!, ...(said === problem ? [] : ["", problem.trim()])];
  }
  return [
    head,
    ...contentsLines(report),
    ...costLines(report),
    ...(report.signature === undefined ? [] : ["", ...signatureLines(report.signature)]),
    ...batchLines(report),
    ...threadLines(report),
    ...adviceLines(report),
    ...(report.unexamined === undefined ? [] : ["", report.unexamined]),
  ];
}

function contentsLines({ contents }: ModelReport): string[] {
  if (contents === undefined) return [];
  const { producer, forms, operators, parameters, types, external, language } = contents;
  if (Object.keys(forms).length === 0 && language === undefined) return [];
  const names = Object.entries(operators);
  const further = names.length > NAMED ? `, and ${names.length - NAMED} others` : "";
  const shares = Object.entries(types).map(([type, number]) => `${number.toLocaleString("en")} ${type}`);
  return [
    `written by ${printable(producer) || "an unnamed program"}, ${Object.entries(forms)
      .map(([form, number]) => `${form} ${number}`)
      .join(", ")}`,
    ...languageLines(language),
    ...(names.length > 0
      ? [
          `operators: ${names
            .slice(0, NAMED)
            .map(([name, number]) => `${name} ${number}`)
            .join(", ")}${further}`,
        ]
      : []),
    `learned numbers: ${parameters.toLocaleString("en")}${shares.length > 1 ? ` (${shares.join(", ")})` : ` ${Object.keys(types)[0] ?? ""}`}`.trimEnd(),
    ...(external.length > 0 ? [`weights in: ${external.join(", ")}`] : []),
  ];
}

function languageLines(language: LanguageContents | undefined): string[] {
  if (language === undefined) return [];
  const { architecture, name, contextLength, quantization, size } = language;
  const context = contextLength === undefined ? "" : `, trained for ${contextLength.toLocaleString("en")} tokens of context`;
  return [
    `architecture: ${printable(architecture)}${name === undefined ? "" : ` (${printable(name)})`}${context}`,
    `quantization: ${quantization}, ${readableBytes(size)}`,
  ];
}

/** A text of a stranger's file, for a terminal. */
const printable = (text: string): string => text.replaceAll(/\p{C}/gu, "").slice(0, 100);

function writingLines({ promptTokens, first, tokens, aSecond }: TimedWriting): string[] {
  const speed = aSecond > 0 ? `, ${aSecond.toFixed(aSecond < 10 ? 1 : 0)} tokens a second` : "";
  return ["", `It began to answer ${promptTokens} tokens after ${readableDuration(first)}, and wrote ${tokens} tokens${speed}.`];
}

function costLines({ load, memory }: ModelReport): string[] {
  if (load === undefined) return [];
  return [`loaded in ${readableDuration(load)}${memory ? `, ${readableBytes(memory)} of memory for each copy` : ""}`];
}

function batchLines({ batches, writing }: ModelReport): string[] {
  if (writing) return writingLines(writing);
  if (batches.length === 0) return ["", "No run was measured: an item in the handler's warmUp says what to ask."];
  const rows = batches.map(({ rows: size, milliseconds }) => [
    String(size),
    readableDuration(milliseconds),
    readableDuration(milliseconds / size),
    Math.round((size / milliseconds) * 1000).toLocaleString("en"),
  ]);
  return ["", ...tableLines(["rows", "a run", "a row", "rows a second"], rows)];
}

function threadLines({ threads }: ModelReport): string[] {
  if (threads.length === 0) return [];
  const rows = threads.map((each) => [String(each.threads), readableDuration(each.row), readableDuration(each.batch)]);
  return ["", ...tableLines(["threads", "one row", "best batch"], rows)];
}

function adviceLines({ advice: { options, reasons } }: ModelReport): string[] {
  return [
    ...(options.length > 0 ? ["", "Recommended for the handler:", ...options.map((each) => `  ${each},`)] : []),
    ...(reasons.length > 0 ? ["", ...reasons] : []),
  ];
}
