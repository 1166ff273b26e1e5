import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, type TestContext } from "node:test";
import { DiskRepository, openSource, SourceRepository } from "cortado/serving";
import { repositoryConformance, type VersionFiles } from "cortado/testing";
import { temporaryFolder } from "../../temporary-folder.ts";
import { startGitServer } from "./git-server.ts";
import { startHub } from "./hub-server.ts";
import { startS3 } from "./s3-server.ts";
import { tarOf } from "./tar-writer.ts";
import { startWeb } from "./web-server.ts";

function put(folder: string, files: VersionFiles): void {
  const temporary = mkdtempSync(join(dirname(folder), ".new-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(temporary, name), content);
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
}

repositoryConformance("a folder of models", (t) => {
  const root = temporaryFolder(t);
  return {
    repository: new DiskRepository(root),
    publish: (model, version, files) => {
      mkdirSync(join(root, model), { recursive: true });
      put(join(root, model, version), files);
    },
    remove: (model, version) => rmSync(join(root, model, version), { recursive: true }),
  };
});

repositoryConformance("the folder of one model", (t) => {
  const root = temporaryFolder(t);
  return {
    repository: new SourceRepository("digits", root),
    only: "digits",
    publish: (_model, version, files) => put(join(root, version), files),
    remove: (_model, version) => rmSync(join(root, version), { recursive: true }),
  };
});

const servers = { after };
const [s3, git, web, hub] = await Promise.all([startS3(servers), startGitServer(servers), startWeb(servers), startHub(servers)]);
let count = 0;

function opened(t: TestContext, source: string, model?: string) {
  const allow = [git.url, web.url]
    .flatMap((url) => [url, `git+${url}`])
    .concat(`s3://bucket?endpoint=${s3.endpoint}`, "hf:acme", hub.cdn);
  const repository = openSource(source, { model, allow, hub: hub.url, cache: temporaryFolder(t), poll: false });
  t.after(() => repository.close?.());
  return repository;
}

for (const only of [undefined, "digits"]) {
  repositoryConformance(only ? "a model's prefix in S3" : "a prefix of models in S3", (t) => {
    const prefix = `conformance-${++count}`;
    const storage = s3.storage(prefix);
    const folderOf = (model: string, version: string) => (only ? version : `${model}/${version}`);
    return {
      repository: opened(t, s3.source(prefix), only),
      ...(only ? { only } : {}),
      publish: async (model, version, files) => {
        for (const [name, content] of Object.entries(files)) await storage.save(`${folderOf(model, version)}/${name}`, content);
      },
      remove: async (model, version) => {
        const { files } = await storage.listdir(folderOf(model, version));
        for (const name of files) await storage.delete(`${folderOf(model, version)}/${name}`);
      },
    };
  });

  repositoryConformance(only ? "a model's folder in git" : "a folder of models in git", (t) => {
    const path = `conformance-${++count}/models.git`;
    const work = git.repository(path);
    work.commit({ "README.md": "models" });
    const folderOf = (model: string, version: string) => (only ? `models/${version}` : `models/${model}/${version}`);
    return {
      repository: opened(t, `git+${git.url}/${path}@main#models`, only),
      ...(only ? { only } : {}),
      publish: (model, version, files) =>
        void work.commit(
          Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folderOf(model, version)}/${name}`, content])),
        ),
      remove: (model, version) => void work.commit({ [folderOf(model, version)]: null }),
    };
  });
}

repositoryConformance("files without versions in git", (t) => {
  const path = `conformance-${++count}/digits.git`;
  const work = git.repository(path);
  return {
    repository: opened(t, `git+${git.url}/${path}`, "digits"),
    only: "digits",
    numbered: true,
    publish: (_model, _version, files) => void work.commit(files),
  };
});

repositoryConformance("an archive on the web", (t) => {
  const path = `/conformance-${++count}/digits.tar`;
  return {
    repository: opened(t, web.url + path),
    only: "digits",
    numbered: true,
    publish: (_model, _version, files) =>
      void web.files.set(path, tarOf(Object.entries(files).map(([name, content]) => ({ name, content })))),
  };
});

repositoryConformance("a repository of the hub", (t) => {
  const name = `acme/conformance-${++count}`;
  hub.commit(name, { "README.md": "soon" });
  return {
    repository: opened(t, `hf:${name}`, "digits"),
    only: "digits",
    numbered: true,
    publish: (_model, _version, files) => void hub.commit(name, files),
  };
});
