import { json, type View } from "#http";
import { giveFeedback, registryErrors } from "#registry";
import { allowedModel } from "#serving";
import { readObject } from "./api-view.ts";
import { authorOf, projectAuthorizer } from "./project-authorizer.ts";

const example = '{"answer": {"price": 4500}}';

/** Takes the right answer to a recorded prediction, or one for each of its items. */
export const feedback: View<{ name: string; id: string }> = async (request, { name, id }) => {
  await allowedModel(request, name, { authorizer: projectAuthorizer, action: "predict" });
  const body = await readObject(request, ["answer", "answers"], example);
  const by = await authorOf(request);
  const row = await giveFeedback(request.services, { model: name, id, answers: rightAnswers(body), by });
  return json({ id: row.key, model: name, version: row.version, answers: row.rightAnswers });
};

function rightAnswers(body: Record<string, unknown>): readonly unknown[] {
  const { answer, answers } = body;
  if ((answer === undefined) === (answers === undefined)) {
    const problem = `has ${answer === undefined ? "neither" : "both"} of "answer" and "answers", and takes one`;
    throw registryErrors.REGISTRY_BAD_FEEDBACK({ problem });
  }
  if (answers === undefined) return [answer];
  if (Array.isArray(answers)) return answers;
  throw registryErrors.REGISTRY_BAD_FEEDBACK({ problem: 'has "answers" that are not an array' });
}
