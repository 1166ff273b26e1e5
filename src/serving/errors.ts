import { defineErrors, didYouMean } from "#kernel";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
/** The first five, and how many more there are. */
const firstOf = (parts: readonly string[]): string =>
  parts.slice(0, 5).join("; ") + (parts.length > 5 ? `; and ${parts.length - 5} more` : "");

export const servingErrors = defineErrors({
  /** A handler is declared with a name that cannot be an address. */
  SERVING_BAD_NAME: (d: { name: string }) => ({
    message: `"${d.name}" cannot name a model. A name is letters, digits, ".", "-" and "_", begins with a letter or digit, and has at most 128 of them.`,
    hint: `Rename it, for example to "${d.name.replace(/[^\w.-]+/g, "-").replace(/^[^A-Za-z0-9]+|\.(?=\.)/g, "") || "model"}".`,
  }),
  /** A handler declares nothing that could answer a prediction. */
  SERVING_EMPTY_HANDLER: (d: { name: string }) => ({
    message: `The handler "${d.name}" has none of source, inference and train, so nothing can answer.`,
    hint: 'Give it a source (source: "file:models/…"), an inference function, or a trainer (train: …).',
  }),
  /** Two handlers have the same name. */
  SERVING_DUPLICATE_HANDLER: (d: { name: string }) => ({
    message: `Two handlers are named "${d.name}". A name is served once.`,
    hint: "Rename one of them.",
  }),
  /** A handler's source has a scheme that no repository reads. */
  SERVING_UNKNOWN_SOURCE: (d: { source: string; model: string; known: readonly string[] }) => ({
    message: `The source "${d.source}" of the model "${d.model}" cannot be read. Sources begin with ${list(d.known)}.`,
    hint: "A folder of the project is written file:models/NAME.",
  }),
  /** The address of a source is not written as one. */
  SERVING_BAD_SOURCE: (d: { source: string; problem: string }) => ({
    message: `The source "${d.source}" ${d.problem}.`,
    hint: "For example: s3://bucket/digits, github:owner/repository@v1.2#models/digits, hf:owner/repository, https://example.com/digits.zip.",
  }),
  /** A source lies where the operator lets no model come from. */
  SERVING_SOURCE_NOT_ALLOWED: (d: { source: string; allowed: readonly string[]; isPlain: boolean }) => ({
    message: `Models may not come from "${d.source}". Allowed are: ${list(d.allowed)}.`,
    hint: d.isPlain
      ? "Plain http is for this machine's own servers alone, and only where serving.sources.allow names them."
      : "Add its beginning to the setting serving.sources.allow, or use a source that lies below one of those.",
  }),
  /** A source is not reached, refuses, or breaks off. */
  SERVING_SOURCE_FAILED: (d: { what: string; problem: string; hint?: string | undefined; cause?: unknown }) => ({
    message: `${d.what} ${d.problem}.`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** `cortado serve` is told of a source that cannot be looked at, and of which nothing was kept from an earlier start. */
  SERVING_SOURCE_UNREACHED: (d: { source: string; problem: string; hint?: string | undefined; cause?: unknown }) => ({
    message: `Nothing can be served from ${d.source}: ${d.problem}`,
    hint: `${d.hint ?? "Look whether it is reached from here."} With --keep-trying the server starts without it, and serves it once it is there.`,
    cause: d.cause,
  }),
  /** A version is to be put where another one with its number lies. */
  SERVING_VERSION_TAKEN: (d: { model: string; version: string }) => ({
    message: `There is a version ${d.version} of the model "${d.model}" already, with other files.`,
    hint: "A number is given to one content and never again: take the next one, or move the other out of the way.",
  }),
  /** Models come from git, and the program `git` is not there. */
  SERVING_NO_GIT: () => ({
    message: "Models from git need the program git, which is not there.",
    hint: "Install it: apt install git, brew install git, or winget install Git.Git.",
  }),
  /** `tensor()` is given an element type that does not exist. */
  SERVING_UNKNOWN_DATATYPE: (d: { given: string; known: readonly string[] }) => ({
    message: `There is no tensor type "${d.given}". There are: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
  /** A tensor's shape does not hold as many elements as it was given. */
  SERVING_BAD_TENSOR: (d: { datatype: string; shape: readonly number[]; length: number }) => ({
    message: `A ${d.datatype} tensor of the shape [${d.shape.join(", ")}] holds ${d.shape.reduce((a, b) => a * b, 1)} elements, and ${d.length} were given.`,
    hint: "Check the shape against the data.",
  }),
  /** A prediction's input is not what the handler or the model takes. */
  SERVING_BAD_INPUT: (d: { where: string; problem: string; hint?: string | undefined }) => ({
    message: `${d.where} ${d.problem}.`,
    hint: d.hint,
  }),
  /** A model with this name is not served here. */
  SERVING_UNKNOWN_MODEL: (d: { given: string; known: readonly string[] }) => ({
    message: `There is no model "${d.given}". There are: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
  /** The model has no such version. */
  SERVING_UNKNOWN_VERSION: (d: { model: string; given: string; known: readonly string[] }) => ({
    message: `The model "${d.model}" has no version "${d.given}". It has: ${list(d.known)}.`,
    hint: /^\d+$/.test(d.given) ? undefined : "A version is a number; other names are aliases.",
  }),
  /** The model has no such alias. */
  SERVING_UNKNOWN_ALIAS: (d: { model: string; given: string; known: readonly string[] }) => ({
    message: `The model "${d.model}" has no alias "${d.given}". It has: ${list(d.known)}.`,
    hint: didYouMean(d.given, d.known),
  }),
  /** An alias is given a name that reads as a version or cannot be an address. */
  SERVING_BAD_ALIAS: (d: { given: string }) => ({
    message: `"${d.given}" cannot be an alias. An alias begins with a letter, and has at most 128 letters, digits, ".", "-" and "_".`,
    hint: "Numbers are versions.",
  }),
  /** The model has no version that is ready. */
  SERVING_NOT_READY: (d: { model: string; reason?: string | undefined; trainable: boolean; isSourceLost?: boolean }) => {
    const where = `The model "${d.model}" has no version that is ready`;
    if (d.reason === undefined && d.isSourceLost)
      return {
        message: `${where}: its source cannot be looked at.`,
        hint: "The server's log says why. The source is looked at again by itself.",
      };
    return {
      message: `${where}${d.reason ? `: ${d.reason.replace(/\.$/, "")}` : ""}.`,
      hint: `${d.trainable && !d.reason ? "Train it, or add" : "Add"} a version that loads; the versions' states are listed under …/versions.`,
    };
  },
  /** A prediction is asked of a model that is loaded and unloaded explicitly, and is not loaded. */
  SERVING_NOT_LOADED: (d: { model: string }) => ({
    message: `The model "${d.model}" is not loaded.`,
    hint: "Load it: POST …/models/NAME/load.",
  }),
  /** What an alias is to name could not be written down, so the alias stays as it was. */
  SERVING_ALIAS_NOT_KEPT: (d: { model: string; alias: string; reason: string; cause?: unknown }) => ({
    message: `What the alias "${d.alias}" of the model "${d.model}" is to name could not be kept: ${d.reason}.`,
    hint: "It stays as it was. Is the disk full, may the server write there, is the database reached?",
    cause: d.cause,
  }),
  /** An alias is to go back, and there is no earlier version that could answer. */
  SERVING_NO_EARLIER_VERSION: (d: { model: string; alias: string; version: string | undefined }) => ({
    message: `The alias "${d.alias}" of the model "${d.model}" cannot go back${d.version === undefined ? "" : ` from version ${d.version}`}: no earlier version can answer.`,
    hint: "Point it at a version by name, or add one.",
  }),
  /** A version needs more memory than the models may have together. */
  SERVING_NO_MEMORY: (d: { what: string; needed: number; kept: number; limit: number }) => ({
    message: `${d.what} needs ${d.needed} bytes${d.kept === 0 ? "" : `, and models that are always kept hold ${d.kept}`}; the models may have ${d.limit} together.`,
    hint: "Raise the setting serving.memory, or keep fewer models.",
  }),
  /** A version was tried and does not load. */
  SERVING_VERSION_FAILED: (d: {
    model: string;
    version: string;
    reason: string;
    hint?: string | undefined;
    cause?: unknown;
  }) => ({
    message: `Version ${d.version} of the model "${d.model}" does not load: ${d.reason}`,
    hint: d.hint ?? "Mend its files and put them in place again: it is tried anew when they change.",
    cause: d.cause,
  }),
  /** A model's file is not one that can be loaded safely. */
  SERVING_BAD_ARTIFACT: (d: { file: string; problem: string; hint?: string | undefined }) => ({
    message: `${d.file} ${d.problem}.`,
    hint: d.hint,
  }),
  /** As many predictions wait as the queue holds. */
  SERVING_QUEUE_FULL: (d: { model: string; size: number }) => ({
    message: `The queue of the model "${d.model}" is full: ${d.size} predictions wait.`,
    hint: "Try again after the seconds that Retry-After says.",
  }),
  /** A prediction took longer than its deadline. */
  SERVING_DEADLINE: (d: { model: string; milliseconds: number }) => ({
    message: `The model "${d.model}" did not answer within ${d.milliseconds} ms.`,
    hint: "Give it more time, by the request's deadline or the handler's, or send less at once.",
  }),
  /** A prediction waited longer for a run than its handler allows. */
  SERVING_WAITED_TOO_LONG: (d: { model: string; milliseconds: number }) => ({
    message: `The model "${d.model}" is busy: the prediction waited longer than ${d.milliseconds} ms for its turn.`,
    hint: "Try again after the seconds that Retry-After says.",
  }),
  /** A step belongs to a sequence that was not begun here, was ended, or was forgotten. */
  SERVING_UNKNOWN_SEQUENCE: (d: { model: string; id: string }) => ({
    message: `The model "${d.model}" has no open sequence "${d.id}".`,
    hint: "Begin it: mark its first step as the start. A sequence without a step for a while is forgotten.",
  }),
  /** As many sequences are open as the handler allows. */
  SERVING_TOO_MANY_SEQUENCES: (d: { model: string; size: number }) => ({
    message: `The model "${d.model}" keeps ${d.size} sequences, and takes no more.`,
    hint: "End sequences by marking their last step, or raise sequence.maxSize of the handler.",
  }),
  /** A handler's option is one that cannot be meant, or names what its model does not have. */
  SERVING_BAD_HANDLER: (d: { model: string; option: string; problem: string; hint?: string | undefined }) => ({
    message: `${d.option} of the handler "${d.model}" ${d.problem}.`,
    hint: d.hint ?? "Correct the handler.",
  }),
  /** The model itself refused the data: an operator failed on it. */
  SERVING_MODEL_REFUSED: (d: { model: string; reason: string }) => ({
    message: `The model "${d.model}" refused the data: ${d.reason}`,
    hint: "The input has the right types and shapes; its values or sizes are not ones that the model can work on.",
  }),
  /** A runtime is declared with an option that it cannot take. */
  SERVING_BAD_RUNTIME: (d: { runtime: string; option: string; problem: string; hint?: string | undefined }) => ({
    message: `The option "${d.option}" of ${d.runtime}() ${d.problem}.`,
    hint: d.hint,
  }),
  /** An execution provider is asked for that this machine does not have. */
  SERVING_MISSING_PROVIDER: (d: { name: string; reason: string; hint: string }) => ({
    message: `The execution provider "${d.name}" cannot be used here: ${d.reason}.`,
    hint: d.hint,
  }),
  /** A version ended the process in which it was tried. */
  SERVING_QUARANTINE: (d: { reason: string }) => ({
    message: `It was tried apart from the other models, and ${d.reason}.`,
    hint: "The limits of a trial are the setting serving.hosts.quarantine: seconds and memory.",
  }),
  /** A handler that runs in a process of its own is not found there. */
  SERVING_NOT_ISOLATED: (d: { name: string; module: string }) => ({
    message: `The module ${d.module} exports no handler "${d.name}".`,
    hint: "The option isolate is import.meta.url of the module that declares and exports the handler.",
  }),
  /** An isolated handler failed, by its own code, on what it was sent. */
  SERVING_HANDLER_FAILED: (d: { model: string; reason: string }) => ({
    message: `The handler "${d.model}" failed: ${d.reason}`,
    hint: "Its stack is in the log of its process.",
  }),
  /** The folder through which web processes share a host can be entered by others. */
  SERVING_UNSAFE_FOLDER: (d: { directory: string }) => ({
    message: `The folder ${d.directory} is not this user's alone, so hosts cannot be shared through it.`,
    hint: "Remove it, or give serving.hosts.shared another folder; it is made with the mode 0700.",
  }),
  /** There is no room for the folder of a host, or for a file in it. */
  SERVING_NO_ROOM_FOR_HOSTS: (d: { folder: string }) => ({
    message: `There is no room in ${d.folder} for the files through which models are spoken to.`,
    hint: "Make room there, for bytes and for files: df and df -i tell what is left. In Docker, /dev/shm is as large as --shm-size says.",
  }),
  /** A version answers otherwise than it has to. */
  SERVING_WRONG_ANSWER: (d: { index: number; difference: string }) => ({
    message: `It answers the golden input ${d.index} wrongly: ${d.difference}.`,
    hint: "Golden answers are the handler's option golden and golden.json beside the model.",
  }),
  /** A new version of a handler's model takes or gives something else than the version that answers. */
  SERVING_OTHER_SIGNATURE: (d: { known: string; differences: readonly string[] }) => ({
    message: `It does not fit in the place of version ${d.known}: ${firstOf(d.differences)}.`,
    hint: "Give the handler warmUp or golden items, and new versions are tried with these instead; or load the version by its number, which takes it as it is.",
  }),
  /** A version that was tried with success could not be loaded beside the other models. */
  SERVING_HOST_LOAD: (d: { model: string; reason: string }) => ({
    message: `The model "${d.model}" could not be loaded again: ${d.reason}`,
    hint: "Its files may have changed or gone; publish the version anew.",
  }),
  /** The process that holds the model grew beyond its limit on a prediction. */
  SERVING_OVER_MEMORY: (d: { model: string; limit: string }) => ({
    message: `The model "${d.model}" needed more memory for this prediction than the ${d.limit} that it may have.`,
    hint: "Send less at once, or raise memory of its runtime or the setting serving.hosts.memory.",
  }),
  /** The process that holds the model ended so often that the model is left alone for a while. */
  SERVING_MODEL_BROKEN: (d: { model: string; reason: string; seconds: number }) => ({
    message: `The model "${d.model}" failed again and again, and is left alone for ${d.seconds} s: ${d.reason}.`,
    hint: "It is tried again by itself. Predict with another version meanwhile, or promote one.",
  }),
  /** A handler in Python is to run, and there is no Python to run it. */
  SERVING_PYTHON_NOT_FOUND: (d: { model: string; program: string; reason: string }) => ({
    message: `The model "${d.model}" needs Python, and ${d.program} cannot be started: ${d.reason}.`,
    hint: 'Install Python 3.8 or newer (apt install python3), or name one: python({ python: "/usr/bin/python3.12" }).',
  }),
  /** The module of a handler in Python does not load, or has no handler. */
  SERVING_PYTHON_MODULE: (d: { model: string; module: string; problem: string; hint?: string | undefined }) => ({
    message: `${d.module} of the model "${d.model}" ${d.problem}.`,
    hint: d.hint ?? "The whole traceback is in the log; the module is tried again when it changes.",
  }),
  /** A step of a handler in Python raised an exception. */
  SERVING_PYTHON_FAILED: (d: { model: string; step: string; problem: string }) => ({
    message: `The ${d.step} of the Python handler "${d.model}" failed: ${d.problem}.`,
    hint: "The whole traceback is in the log. What is the caller's fault is told by raising cortado.BadInput.",
  }),
  /** The process that holds the model ended while it ran, again and again. */
  SERVING_HOST_LOST: (d: { model: string; attempts: number }) => ({
    message: `The process that runs the model "${d.model}" ended ${d.attempts === 1 ? "" : `${d.attempts} times `}on this prediction.`,
    hint: "The model crashes or runs out of memory on this input; try a smaller one.",
  }),
  /** A handler's own code gave something that its output or its model does not allow. */
  SERVING_BAD_OUTPUT: (d: { model: string; step: string; problem: string }) => ({
    message: `The ${d.step} of the handler "${d.model}" ${d.problem}.`,
    hint: "Mend the handler; the caller's input was accepted.",
  }),
  /** A prediction is asked for before a project or `serve` has started the models. */
  SERVING_NOT_STARTED: (d: { model: string }) => ({
    message: `The model "${d.model}" cannot answer: no project is open in this process.`,
    hint: "Open the project first: const project = await openProject(config).",
  }),
  /** A manifest does not say what a version folder holds. */
  SERVING_BAD_MANIFEST: (d: { file: string; problem: string }) => ({
    message: `${d.file} ${d.problem}.`,
    hint: "Publish the version again; manifest.json is written last, by writeManifest.",
  }),
  /** `cortado serve` is asked to listen where others can reach it, without saying who may. */
  SERVING_OPEN_ADDRESS: (d: { host: string }) => ({
    message: `Listening on ${d.host} lets other machines in, and nothing says who may predict.`,
    hint: "Add --token-file FILE, or --open to let everyone in.",
  }),
  /** An option in code says how models are to be loaded or run, and cannot be meant. */
  SERVING_BAD_OPTION: (d: { option: string; problem: string; hint?: string | undefined }) => ({
    message: `Models cannot be served with ${d.option} as it is given. ${d.problem}`,
    hint: d.hint ?? "Correct the option, or leave it out.",
  }),
  /** Pages of an origin are to be let in that is written as no browser writes one. */
  SERVING_BAD_ORIGIN: (d: { given: string; written?: string | undefined }) => ({
    message: `"${d.given}" is not the origin of a page.`,
    hint:
      d.written === undefined
        ? "Write it as browsers do: https://shop.example.com, https://*.example.com, or * for every page there is."
        : `Write it as browsers do: ${d.written}.`,
  }),
  /** The file of tokens cannot be read as one. */
  SERVING_BAD_TOKEN_FILE: (d: { file: string; problem: string }) => ({
    message: `The token file ${d.file} ${d.problem}.`,
    hint: "Each line is a token of 16 or more characters, or its scopes and the token: predict,manage 3f9c…",
  }),
  /** `cortado serve` is given a folder without models. */
  SERVING_NO_DIRECTORY: (d: { directory: string; isFile?: boolean }) => ({
    message:
      d.isFile === true
        ? `${d.directory} is a file, and serving takes a folder of models.`
        : `There is no folder ${d.directory} to serve.`,
    hint: d.isFile === true ? "Give the folder that it lies in." : "Make it, and put a model in it: DIR/NAME/1/model.onnx.",
  }),
  /** A request needs what only a project with its database has. */
  SERVING_NEEDS_PROJECT: (d: { what: string }) => ({
    message: `${d.what} needs a project with its database; this server serves a folder of models.`,
    hint: "Make one with npm create cortado@latest.",
  }),
  /** A runtime names an engine elsewhere by what is no address of one. */
  SERVING_BAD_REMOTE: (d: { runtime: string; given: string; problem: string }) => ({
    message: `${d.runtime}() cannot ask "${d.given}": ${d.problem}.`,
    hint: `Write ${d.runtime}({ url: "http://host:8000", model: "name" }).`,
  }),
  /** An engine elsewhere, which runs a model, cannot be reached or has no room. */
  SERVING_REMOTE_UNREACHABLE: (d: { model: string; problem: string; cause?: unknown }) => ({
    message: `The engine that runs the model "${d.model}" elsewhere does not answer: ${d.problem}.`,
    hint: "Try again in a moment; its operator looks whether it runs, and at the url of the runtime.",
    cause: d.cause,
  }),
  /** An engine elsewhere, which runs a model, answered what its protocol does not allow, or that it failed. */
  SERVING_REMOTE_FAILED: (d: { model: string; problem: string; cause?: unknown }) => ({
    message: `The engine that runs the model "${d.model}" elsewhere ${d.problem}.`,
    hint: "Its own log says more.",
    cause: d.cause,
  }),
  /** A running server, which is to answer rows, refuses or is not reached. */
  SERVING_SERVER_FAILED: (d: { url: string; problem: string; hint?: string | undefined }) => ({
    message: `The server ${d.url} ${d.problem}.`,
    hint: d.hint ?? "A server is named by its address: http://127.0.0.1:8080.",
  }),
  /** A file of rows to predict cannot be read as such. */
  SERVING_BAD_ROWS: (d: { file: string; problem: string }) => ({
    message: `${d.file} ${d.problem}.`,
    hint: "Rows are lines of JSON (.jsonl), a table whose first line names the columns (.csv), or an array (.json).",
  }),
  /** The file into which predictions are to be written is there already. */
  SERVING_OUTPUT_TAKEN: (d: { to: string; by: "a file" | "an earlier run" | "another run" }) => {
    if (d.by === "a file")
      return {
        message: `${d.to} is there already.`,
        hint: "Write into another file, or move it away: nothing is written over.",
      };
    if (d.by === "another run")
      return { message: `Another run writes into ${d.to}.`, hint: "Let it end, or write into another file." };
    return {
      message: `${d.to}.partial is there: an earlier run into this file was not finished.`,
      hint: "Go on with it: --resume. Or remove it.",
    };
  },
  /** An unfinished run over a file of rows cannot go on. */
  SERVING_CANNOT_RESUME: (d: { to: string; problem: string }) => ({
    message: `The run into ${d.to} cannot go on: ${d.problem}.`,
    hint: `Remove ${d.to}.partial and begin anew, or write into another file.`,
  }),
});
