import { type HttpRequest, redirect, render } from "cortado";
import { CoffeeForm } from "./forms.ts";
import { Coffee } from "./models.ts";

export function index(request: HttpRequest) {
  return render(request, "homepage/index.html");
}

export async function coffeeView(request: HttpRequest) {
  const form = await CoffeeForm.from(request);
  if (await form.isValid()) {
    await form.save();
    return redirect("coffee");
  }
  return render(request, "homepage/coffee.html", { coffee_list: Coffee.objects.all(), coffee_form: form });
}
