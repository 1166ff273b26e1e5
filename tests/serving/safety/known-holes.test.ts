import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const folder = join(import.meta.dirname, "../..");

/** The holes that model servers and their neighbours have had, in own words, and what shows that Cortado has none of them. */
const holes: Record<string, Record<string, string[]>> = {
  "a caller registers a model from an address of their own, without a token": {
    "serving/sources/serve.test.ts": ["takes no address from a request: no body makes it fetch anything"],
    "serving/protocols/torchserve.test.ts": ["fetches nothing from an address that a caller gives"],
    "serving/safety/pages-and-tokens.test.ts": [
      "are needed for everything but health, and for what changes anything on loopback too",
    ],
  },
  "an address passes the list by dots or a look-alike; a second listener is open": {
    "serving/sources/addresses.test.ts": ["refuses what only looks as if it lay below"],
    "serving/clients/grpc.test.ts": ["asks for a token in the metadata, by its scopes"],
  },
  "a pickle, or code inside a model's file, runs in the server": {
    "serving/runtimes/python.test.ts": ["unpickles nothing unless it is trusted"],
    "serving/safety/hostile-models.test.ts": ["refuses one that is ${name}, and says why without a path"],
  },
  "the request chooses what decodes it": {
    "serving/protocols/torchserve.test.ts": ["take text as a string, forms as objects, and other bytes as they are"],
    "serving/safety/other-protocols.test.ts": ["answer whatever bytes come, under whatever type"],
  },
  "an address inside the data is fetched": {
    "serving/sources/serve.test.ts": ["takes no address from a request: no body makes it fetch anything"],
    "serving/sources/web.test.ts": ["come from no other server than the list allows, wherever they are sent on to"],
  },
  "a form's boundary or parts take time without end": {
    "serving/safety/slow-bodies.test.ts": ["a boundary of a million letters", "a form of many parts"],
    "http/uploads.test.ts": ["a form of many parts is read, and one of too many or with a long name is refused"],
  },
  "a model's or a version's name leaves the folder of models": {
    "serving/safety/fuzz-serve.test.ts": ["answers whatever comes without a fault, a stack or a path"],
    "serving/protocols/open-inference-extensions.test.ts": [
      "says why a model does not load, and takes neither files nor settings from a request",
    ],
    "serving/versions/uploads.test.ts": ["names that are not plain, or that are there twice, are refused"],
    "serving/safety/hostile-models.test.ts": ["serves no folder whose name or place is elsewhere"],
  },
  "chunks, nesting or a shape's product exhaust the memory": {
    "serving/protocols/large-bodies.test.ts": [
      "costs the model no process, however deep or split up it is, and others are answered",
    ],
    "serving/safety/slow-bodies.test.ts": ["arrays in arrays", "a tensor whose sizes are beyond counting"],
  },
  "an error names what is inside, and shared memory is reached by that name": {
    "serving/protocols/open-inference-extensions.test.ts": ["have no shared memory beside them"],
    "serving/safety/fuzz-grpc.test.ts": ["answers bytes that are no message without a word of its own inside"],
  },
  "a file to write to is set over HTTP": {
    "serving/protocols/open-inference-extensions.test.ts": ["are read, and are the operator's to change"],
  },
  "a path is decoded twice, or read with backslashes, schemes or zeros in it": {
    "serving/sources/addresses.test.ts": ["that is not written as one says what is wrong with it"],
    "serving/safety/pages-and-tokens.test.ts": ["are refused: addresses that climb, are whole or hold what no address holds"],
  },
  "models of a kind that is a pickle": {
    "serving/runtimes/python-libraries.test.ts": ["is not unpickled in a process that is not trusted"],
  },
  "jobs without a token; a guard that forgot a method; a page with a name of its own": {
    "serving/safety/pages-and-tokens.test.ts": [
      "may do what their scopes say, and nothing else",
      "reach nothing by a name of their own: only this machine's names are answered for",
      "of other sites need a token on every protocol, and pages of this machine do not",
    ],
    "http/csrf.test.ts": ["every unsafe method is verified"],
  },
  "a digest is taken as a path; lengths inside a file are believed": {
    "serving/safety/hostile-models.test.ts": [
      "refuses a manifest that is ${name}",
      "loads what was changed by chance or refuses it, and other models answer meanwhile",
    ],
    "serving/sources/archives.test.ts": ["that is damaged, cut or encrypted is refused, wherever it breaks off"],
  },
  "weights are read from elsewhere, by paths, links, or a file that two readers read differently": {
    "serving/hosts.test.ts": ["reads no weights through links of either kind", "reads no weights from elsewhere"],
    "serving/safety/hostile-models.test.ts": ["disguised: [linked("],
  },
  "an archive writes outside of its folder, or fills the disk": {
    "serving/sources/archives.test.ts": [
      "cannot put a file outside of the version's folder",
      "holds no links, devices or sparse files",
      "has no more bytes and files than it may",
      "gives its files no rights but to be read",
    ],
  },
  "git runs programs, follows links to elsewhere, or shows its credentials": {
    "serving/sources/git.test.ts": [
      "run no hooks, filters or programs that a repository or a user's settings name",
      "that are pointers of LFS, links or submodules are refused with a word that says so",
      "are asked for with credentials that stand in no address, no message and no list of processes",
      "are pinned to the commit, which the manifest tells, and numbered where they have no numbers",
    ],
  },
  "half an upload to a bucket is served, or its keys are told": {
    "serving/sources/s3.test.ts": [
      "that are half written are not served, and what was there before is",
      "stay served while the server fails, and messages hold no secret",
      "with another digest than their manifest says are refused, and fetched again when they are mended",
    ],
  },
  "an answer holds a stack": {
    "serving/safety/fuzz-project.test.ts": [
      "answers all that its OpenAPI document describes, and what is near it, without a fault",
      "answers every other protocol's grammar, and what is near it, without a fault",
    ],
    "serving/protocols/mlflow.test.ts": ["strangers, without a trace of where things are"],
  },
  "no token is needed, or it is told by the time it takes; names of models are told to strangers": {
    "serving/safety/pages-and-tokens.test.ts": [
      "that are none are refused, however near they are",
      "hide the names of models from who has none",
    ],
    "http/csrf.test.ts": ["an API view only where a session came without credentials of its own"],
  },
  "what is particular to Node: prototypes, slow patterns, long integers, native crashes": {
    "serving/safety/slow-bodies.test.ts": [
      "a string that does not end, all quotes",
      "inputs of many names",
      "leave integers of 64 bits as they are, and refuse those beyond",
    ],
    "serving/safety/fuzz-serve.test.ts": ["still answers as before when all that is over"],
    "http/bodies.test.ts": ["JSON that is too deep, is not UTF-8 or holds __proto__ is refused"],
    "serving/hosts/recovery.test.ts": ["is ended, the model named, and other models' requests are sent again"],
  },
};

describe("every hole that a model server is known to have had", () => {
  for (const [hole, shown] of Object.entries(holes))
    it(`has a test: ${hole}`, () => {
      for (const [file, titles] of Object.entries(shown)) {
        const text = readFileSync(join(folder, file), "utf8");
        for (const title of titles) assert.ok(text.includes(title), `${file} has no test "${title}"`);
      }
    });
});
