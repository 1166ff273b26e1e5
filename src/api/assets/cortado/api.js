// Sends the requests of the manual's forms, and shows what comes back.
function connect(form) {
  const [status, answer] = [form.querySelector("[data-status]"), form.querySelector("[data-answer]")];
  status.parentElement.hidden = false;

  const show = (text, line) => {
    answer.hidden = false;
    answer.textContent = text;
    status.textContent = line;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { body, token, csrfmiddlewaretoken } = form.elements;
    const headers = { "content-type": "application/json" };
    if (token?.value) headers.authorization = `Bearer ${token.value.trim()}`;
    else if (csrfmiddlewaretoken) headers["x-csrftoken"] = csrfmiddlewaretoken.value;
    status.textContent = "…";
    const started = performance.now();
    try {
      const response = await fetch(form.action, { method: "POST", headers, body: body.value });
      const text = await response.text();
      const line = `${response.status} · ${(performance.now() - started).toFixed(0)} ms`;
      show(text.startsWith("{") ? JSON.stringify(JSON.parse(text), null, 2) : text, line);
    } catch (error) {
      show(String(error), "not reached");
    }
  });
}

const connectAll = () => document.querySelectorAll("form[data-ask]").forEach(connect);

// Who may see nothing yet gives a token; the page is asked for with it, for an address cannot carry one.
const entrance = document.querySelector("form[data-enter]");
if (entrance) {
  entrance.hidden = false;
  entrance.addEventListener("submit", async (event) => {
    event.preventDefault();
    const token = entrance.elements.token.value.trim();
    const response = await fetch(location.href, { headers: { authorization: `Bearer ${token}`, accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (page.querySelector("form[data-ask]") === null) {
      entrance.querySelector("[data-status]").textContent = "This token lets you see no model.";
      return;
    }
    document.querySelector("main").replaceWith(page.querySelector("main"));
    for (const field of document.querySelectorAll("input[name=token]")) field.value = token;
    connectAll();
  });
}

connectAll();
