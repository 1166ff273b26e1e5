import { type HttpRequest, render } from "cortado";

export function digitsView(request: HttpRequest) {
  return render(request, "digits/digits.html");
}
