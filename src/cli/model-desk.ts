import { type AliasChange, type AliasTarget, type ModelInfo, type ModelServer, openPlaces, type VersionInfo } from "#serving";
import { type Command, type Invocation, type OptionConfig, textOption } from "./command.ts";
import { cliErrors } from "./errors.ts";
import { configHere, withProject } from "./project-here.ts";
import { ServerClient } from "./server-client.ts";

/** A model with its versions. */
export interface ListedModel extends Omit<ModelInfo, "versions" | "handler" | "manifest"> {
  versions: VersionInfo[];
}

/** What a version's state is after a load or unload. */
export interface LoadedStates {
  name: string;
  states: { version: string; state: string; error?: string }[];
}

/** Models, wherever they are: in a project, in folders, or on a running server. */
export interface ModelDesk {
  list(): Promise<ListedModel[]>;
  describe(name: string): Promise<ListedModel>;
  setAlias(name: string, alias: string, change: AliasChange): Promise<AliasTarget>;
  rollBack(name: string, alias: string): Promise<AliasTarget>;
}

/** The options that say where the models are. */
export const deskOptions: Readonly<Record<string, OptionConfig>> = {
  url: { type: "string", value: "URL", about: "A running server instead of the project; its token in CORTADO_TOKEN." },
  dir: { type: "string", value: "DIR", about: "A folder of models, as `cortado serve` takes it, instead of the project." },
};

/** Works with the models that the options name, and closes what it opened. @throws CLI_BAD_ARGUMENT, CLI_NO_PROJECT */
export async function withDesk<T>(command: Command, invocation: Invocation, run: (desk: ModelDesk) => Promise<T>): Promise<T> {
  const url = textOption(invocation, "url");
  if (url !== undefined && textOption(invocation, "dir") !== undefined)
    throw cliErrors.CLI_BAD_ARGUMENT({
      command: command.name,
      problem: "--url and --dir exclude each other",
      usage: command.usage,
    });
  if (url !== undefined) return run(new ServerDesk(new ServerClient(url)));
  return withModels(invocation, (models) => run(new OwnDesk(models)));
}

/** Opens the models of `--dir`, or of the project, in this process. `instead` are the options that do without a project. */
export async function withModels<T>(
  invocation: Invocation,
  run: (models: ModelServer) => Promise<T>,
  instead = "--dir DIR or --url URL",
): Promise<T> {
  const directory = textOption(invocation, "dir");
  if (directory === undefined) {
    configHere(invocation.directory, instead);
    return withProject(invocation.directory, ({ services }) => run(services.models));
  }
  // As `cortado serve` would, whose default is that anyone on this machine may ask.
  const models = openPlaces([directory], { loading: "lazy", access: "public" });
  try {
    await models.start({ needsSources: true });
    return await run(models);
  } finally {
    await models.close();
  }
}

/** Models of this process. */
class OwnDesk implements ModelDesk {
  readonly #models: ModelServer;

  constructor(models: ModelServer) {
    this.#models = models;
  }

  async list(): Promise<ListedModel[]> {
    await this.#models.settled();
    return Promise.all(this.#models.list().map((model) => this.#listed(model)));
  }

  async describe(name: string): Promise<ListedModel> {
    await this.#models.settled();
    await this.#loadAnswering(name);
    return this.#listed(this.#models.describe(name));
  }

  async setAlias(name: string, alias: string, change: AliasChange): Promise<AliasTarget> {
    await this.#loadAnswering(name);
    return this.#models.setAlias(name, alias, change);
  }

  async rollBack(name: string, alias: string): Promise<AliasTarget> {
    await this.#loadAnswering(name);
    return this.#models.rollBack(name, alias);
  }

  /** Only then is known what a version takes, and from which one an alias moves. */
  async #loadAnswering(name: string): Promise<void> {
    await this.#models.signature(name).catch(() => {});
  }

  /** What is not loaded is told by its files; what would answer is told as `default`. */
  async #listed({ handler: _handler, manifest: _manifest, ...model }: ModelInfo): Promise<ListedModel> {
    const { name } = model;
    await Promise.all(
      model.versions.map((version) =>
        this.#models
          .find(name, version)
          .look()
          .catch(() => {}),
      ),
    );
    const versions = this.#models.versions(name);
    const next = versions.find(({ state }) => state !== "failed");
    return { ...model, aliases: { ...(next && model.served && { default: next.version }), ...model.aliases }, versions };
  }
}

/** Models of a running server. */
export class ServerDesk implements ModelDesk {
  readonly #client: ServerClient;

  constructor(client: ServerClient) {
    this.#client = client;
  }

  async list(): Promise<ListedModel[]> {
    const { models } = (await this.#client.get("models")) as { models: ModelInfo[] };
    return Promise.all(models.map((model) => this.#listed(model)));
  }

  async describe(name: string): Promise<ListedModel> {
    return this.#listed((await this.#client.get(pathOf(name))) as ModelInfo);
  }

  async setAlias(name: string, alias: string, change: AliasChange): Promise<AliasTarget> {
    return (await this.#client.send("PUT", `${pathOf(name)}/aliases/${encodeURIComponent(alias)}`, change)) as AliasTarget;
  }

  async rollBack(name: string, alias: string): Promise<AliasTarget> {
    return (await this.#client.send("POST", `${pathOf(name)}/aliases/${encodeURIComponent(alias)}/rollback`, {})) as AliasTarget;
  }

  async load(name: string, version: string | undefined): Promise<LoadedStates> {
    return (await this.#client.send("POST", `${pathOf(name)}/load`, { version })) as LoadedStates;
  }

  async unload(name: string, version: string | undefined): Promise<LoadedStates> {
    return (await this.#client.send("POST", `${pathOf(name)}/unload`, { version })) as LoadedStates;
  }

  async #listed(model: Omit<ModelInfo, "versions">): Promise<ListedModel> {
    const { versions } = (await this.#client.get(`${pathOf(model.name)}/versions`)) as { versions: VersionInfo[] };
    return { ...model, versions };
  }
}

function pathOf(name: string): string {
  return `models/${encodeURIComponent(name)}`;
}
