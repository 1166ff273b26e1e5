import { type HttpRequest, render } from "cortado";
import { predictionForm } from "cortado/views";
import { penguinSpecies } from "./handlers.ts";
import { Penguin } from "./models.ts";

/** Asks the model what is typed into a form that is made from the model's own input. */
export async function penguinsView(request: HttpRequest) {
  const PenguinForm = predictionForm(request.services, penguinSpecies);
  const form = new PenguinForm(request.query.has("island") ? { data: request.query } : {});
  const prediction = (await form.isValid()) ? await penguinSpecies.predict(form.cleanedData) : undefined;
  const ranking = Object.entries(prediction?.probabilities ?? {})
    .sort(([, a], [, b]) => b - a)
    .map(([species, probability]) => ({ species, probability, percent: (probability * 100).toFixed(1) }));
  const context = { form, prediction, ranking, count: Penguin.objects.count() };
  return render(request, "penguins/penguins.html", context);
}
