// A SPARQL engine in the browser: a worker that loads a dump once and answers queries over it.
import init, { Store } from "./vendor/oxigraph-0.5.11/web.js";

let store, base;

async function load(dump) {
  await init();
  const response = await fetch(dump);
  if (!response.ok) throw new Error(`the dump cannot be read (HTTP ${response.status})`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b; // some hosts unpack it on the way
  const stream = new Blob([bytes]).stream();
  const text = new Uint8Array(await new Response(packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).arrayBuffer());
  store = new Store();
  store.load(text, { format: "application/n-quads", lenient: true });
  return store.size;
}

// Which of the four forms a query has: its first keyword outside of comments, strings and IRIs.
function form(query) {
  const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, " ");
  return /\b(select|ask|construct|describe)\b/i.exec(bare)?.[1].toLowerCase() ?? "select";
}

function answer(query) {
  const table = ["select", "ask"].includes(form(query));
  const type = table ? "application/sparql-results+json" : "text/turtle";
  const dataset = /\bfrom\s+(named\s+)?</i.test(query.replace(/#[^\n]*/g, " "));
  const body = store.query(query, { base_iri: base, results_format: type, use_default_graph_as_union: !dataset });
  return { type, body };
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.dump) {
      base = data.base;
      postMessage({ id: data.id, size: await load(data.dump) });
    } else {
      postMessage({ id: data.id, ...answer(data.query) });
    }
  } catch (error) {
    postMessage({ id: data.id, error: String(error?.message ?? error) });
  }
});
