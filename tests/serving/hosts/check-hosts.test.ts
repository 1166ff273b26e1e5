import assert from "node:assert/strict";
import { it } from "node:test";
import type { ProjectSettings } from "cortado";
import { checkServing } from "cortado/serving";

it("the checks of serving name settings of hosts that cannot be meant", () => {
  const project = (hosts: object) =>
    checkServing({ apps: [], root: import.meta.dirname, serving: { hosts } } as unknown as ProjectSettings);
  assert.deepEqual(project({ memory: 2 ** 30, shared: "/run/site", quarantine: { seconds: 60, memory: 2 ** 30 } }), []);
  const found = project({ memory: "1GB", shared: "", quarantin: {}, quarantine: { second: 3, memory: 0 } });
  assert.deepEqual(new Set(found.map(({ code }) => code)), new Set(["SERVING_CHECK_BAD_HOSTS"]));
  assert.deepEqual(
    found.map(({ object, message, hint }) => [object, message, hint]),
    [
      ["serving.hosts.memory", 'It is "1GB", and must be a number of bytes.', undefined],
      ["serving.hosts.shared", 'It is "", and must be the path of a folder, of at most 90 characters.', undefined],
      [
        "serving.hosts.quarantin",
        "There is no such setting. There are: memory, shared, quarantine.",
        'Did you mean "quarantine"?',
      ],
      ["serving.hosts.quarantine.second", "There is no such setting. There are: seconds, memory.", 'Did you mean "seconds"?'],
      ["serving.hosts.quarantine.memory", "It is 0, and must be a number of bytes.", undefined],
    ],
  );
});
