// The search of a site without a server: names from its index, and words that were said by a query in the browser.
import { lookUp } from "./lookup.js";

const facts = JSON.parse(document.getElementById("facts").textContent);
const text = (new URLSearchParams(location.search).get("q") ?? "").trim();

function entry({ name, kind, href }) {
  const item = document.createElement("li"), link = document.createElement("a");
  const isolated = document.createElement("bdi"), meta = document.createElement("span");
  link.href = href;
  isolated.textContent = name.length > 160 ? `${name.slice(0, 159)}…` : name;
  meta.className = "meta";
  meta.textContent = ` ${kind}`;
  link.append(isolated);
  item.append(link, meta);
  return item;
}

if (text) {
  for (const input of document.querySelectorAll("input[type=search]")) input.value = text;
  const found = await lookUp(facts, text, 100);
  document.getElementById("names").replaceChildren(...found.map(entry));
  const words = document.getElementById("words"), link = document.createElement("a");
  const literal = JSON.stringify(text.toLowerCase()).replaceAll(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  link.href = `sparql.html?query=${encodeURIComponent(facts.query.replace('"WORDS"', () => literal))}`;
  link.textContent = "Statements with these words";
  words.append(`${found.length} names hold “${text}”. `, link, ": asked in your browser.");
}
