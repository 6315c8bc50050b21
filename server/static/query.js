// Puts the editor in place of the plain form: our examples as tabs, our own endpoint and no other.
import { Chart, Timeline } from "./charts.js";
import { completeNames } from "./names.js";

const { Yasqe, Yasr } = window.Yasgui;
const facts = JSON.parse(document.getElementById("tabs").textContent);
const endpoint = new URL(facts.endpoint, location.href).href;
const parent = document.getElementById("editor");

// The table writes its few rules into a style element, which our policy forbids; style.css has them instead.
const createElement = document.createElement.bind(document);
document.createElement = (name, options) => createElement(name === "style" ? "template" : name, options);

if (facts.dump) {
  const { answerHere } = await import("./local.js");
  const status = document.getElementById("engine");
  answerHere({ endpoint, dump: facts.dump, base: facts.base, tell: (text) => { status.textContent = text; } });
}

for (const [kind, iris] of Object.entries(facts.terms)) {
  if (Yasqe.Autocompleters[kind]) Object.assign(Yasqe.Autocompleters[kind], { get: iris, bulk: false });
}
Yasqe.registerAutocompleter(completeNames({ names: facts.names, base: facts.base }));
Yasr.registerPlugin("chart", Chart);
Yasr.registerPlugin("timeline", Timeline);

document.getElementById("plain").hidden = true;
parent.hidden = false;
const editor = new window.Yasgui(parent, {
  autofocus: false,
  copyEndpointOnNewTab: false,
  persistenceId: null,
  populateFromUrl: false,
  requestConfig: { endpoint, method: "POST" },
  endpointCatalogueOptions: { getData: () => [{ endpoint }] },
  yasqe: { createShareableLink: undefined, value: facts.first },
});

function open(name, query) {
  const known = Object.values(editor._tabs).find((tab) => tab.getName() === name);
  if (known) return editor.selectTabId(known.getId());
  return editor.addTab(true, {
    ...window.Yasgui.Tab.getDefaults(), name, requestConfig: { endpoint, method: "POST" }, yasqe: { value: query },
  });
}

for (const { name, title, query } of facts.examples) {
  const link = document.querySelector(`#example-list a[data-name="${name}"]`);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const tab = open(title.length > 40 ? `${title.slice(0, 39)}…` : title, query);
    parent.scrollIntoView({ block: "start" });
    tab.query().catch(() => {});
  });
}

// Things lead to their pages here, also where their addresses name another host.
parent.addEventListener("click", (event) => {
  const iri = event.target.closest("a[href]")?.getAttribute("href");
  if (!iri?.startsWith(facts.page)) return;
  event.preventDefault();
  const [thing, fragment] = iri.slice(facts.page.length).split("#");
  location.assign(`page/${thing}${facts.suffix}${fragment ? `#${fragment}` : ""}`);
});

const asked = new URLSearchParams(location.search).get("query");
const given = /^#query=(.*)$/s.exec(location.hash);
if (given) open("Given", decodeURIComponent(given[1].replaceAll("+", " ")));
if (asked) open("Given", asked).query().catch(() => {});
