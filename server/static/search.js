// Suggestions below a search field: a listbox that the keyboard moves in. Without this script the form still searches.
import { lookUp } from "./lookup.js";

let next = 0;

function attach(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const id = `suggestions-${next++}`;
  let links = [], chosen = -1, timer = 0, asked = "";
  Object.assign(list, { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id]]) {
    input.setAttribute(name, value);
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    chosen = number;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  function show(results) {
    links = results.map((result) => form.dataset.root + result.href);
    list.replaceChildren(...results.map((result, place) => {
      const item = document.createElement("li");
      const name = document.createElement("bdi");
      const kind = document.createElement("span");
      item.id = `${id}-${place}`;
      item.setAttribute("role", "option");
      name.textContent = result.name;
      kind.textContent = ` ${result.kind}`;
      kind.className = "meta";
      item.append(name, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(links[place]); });
      return item;
    }));
    choose(-1);
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function suggest() {
    const text = input.value.trim();
    asked = text;
    if (text.length < 2) return close();
    const results = await lookUp(form.dataset, text);
    if (asked === text) show(results);
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const count = list.children.length;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") choose((chosen + 1) % count);
    else if (event.key === "ArrowUp") choose((Math.max(chosen, 0) + count - 1) % count);
    else if (event.key === "Enter" && chosen >= 0) location.assign(links[chosen]);
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("form[role=search]").forEach(attach);
