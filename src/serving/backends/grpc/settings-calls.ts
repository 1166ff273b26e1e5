import { HttpError } from "#http";
import { logSettings, traceSettings } from "../../protocols/open-inference/server-settings.ts";
import { authorize, type Call } from "./calls.ts";

interface TraceRequest {
  settings: Readonly<Record<string, { value: readonly string[] }>>;
}

interface LogRequest {
  settings: Readonly<Record<string, { parameter_choice?: "bool_param" | "uint32_param" | "string_param" }>>;
}

/** What is written down while the server runs. A request says what it wants changed; what is so already is taken. */
export const settingsCalls = {
  async TraceSetting({ settings }: TraceRequest, call: Call) {
    const now = Object.entries(traceSettings).map(([name, value]) => [name, { value: [value].flat() }] as const);
    await mayChange(call, settings);
    for (const [name, { value }] of Object.entries(settings))
      if (value.length > 0) check(Object.fromEntries(now), name, ({ value: is }) => is.join() === value.join());
    return { settings: Object.fromEntries(now) };
  },

  async LogSettings({ settings }: LogRequest, call: Call) {
    await mayChange(call, settings);
    for (const [name, wanted] of Object.entries(settings)) {
      const value = wanted.parameter_choice && (wanted as Record<string, unknown>)[wanted.parameter_choice];
      check(logSettings, name, (is) => is === value);
    }
    const now = Object.entries(logSettings).map(([name, value]) => [name, { [kindOf[typeof value]!]: value }]);
    return { settings: Object.fromEntries(now) };
  },
};

const kindOf: Readonly<Record<string, string>> = { boolean: "bool_param", number: "uint32_param", string: "string_param" };

/** Reading is for who may see models, setting for who may manage them. */
async function mayChange(call: Call, settings: object): Promise<void> {
  await authorize(call, Object.keys(settings).length > 0 ? "manage" : "list");
}

function check<T>(now: Readonly<Record<string, T>>, name: string, isSame: (value: T) => boolean): void {
  if (!Object.hasOwn(now, name))
    throw new HttpError(400, `There is no setting "${name}". There are: ${Object.keys(now).join(", ")}.`);
  if (isSame(now[name]!)) return;
  throw new HttpError(400, `The setting "${name}" is not changed here.`, {
    hint: "The operator sets it where the server is started.",
  });
}
