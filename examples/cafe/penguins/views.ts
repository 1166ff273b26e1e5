import { type HttpRequest, render } from "cortado";
import { predictionForm } from "cortado/views";
import { penguinSpecies } from "./handlers.ts";
import { Penguin } from "./models.ts";

/** Asks the model what is typed into a form that is made from the model's own input. */
export async function penguinsView(request: HttpRequest) {
  const count = Penguin.objects.count();
  const { versions } = request.services.models.describe(penguinSpecies.name);
  if (versions.length === 0) return render(request, "penguins/penguins.html", { count });
  const PenguinForm = predictionForm(request.services, penguinSpecies);
  const form = new PenguinForm(request.query.has("island") ? { data: request.query } : {});
  const prediction = (await form.isValid()) ? await penguinSpecies.predict(form.cleanedData) : undefined;
  const ranking = Object.entries(prediction?.probabilities ?? {})
    .sort(([, a], [, b]) => b - a)
    .map(([species, probability]) => ({ species, probability, percent: (probability * 100).toFixed(1) }));
  return render(request, "penguins/penguins.html", { count, form, prediction, ranking });
}
