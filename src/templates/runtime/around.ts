import type { Body } from "../template.ts";
import { localNumbers } from "./local-numbers.ts";
import type { Render } from "./render.ts";
import type { Scope } from "./scope.ts";

type Text = Generator<unknown, string, unknown>;

/** Runs compiled code so that each of its steps is taken within something: a language, a time zone. */
export function* around(body: Text, within: <T>(step: () => T) => T): Text {
  let step = within(() => body.next());
  while (!step.done) {
    let given: unknown;
    try {
      given = yield step.value;
    } catch (error) {
      step = within(() => body.throw(error));
      continue;
    }
    step = within(() => body.next(given));
  }
  return step.value;
}

/** Sets the language of a render, and with it how numbers are shown. */
export function useLanguage(render: Render, language: string): void {
  render.language = language;
  render.numbers = render.localizes ? localNumbers(language) : undefined;
}

/** Turns localisation on or off; gives what it was. */
export function useLocalization(render: Render, on: boolean): boolean {
  const before = render.localizes;
  render.localizes = on;
  useLanguage(render, render.language);
  return before;
}

/** A part of a template as a function of its own. */
export interface Part {
  readonly body: Body;
  readonly scope: Scope;
}
