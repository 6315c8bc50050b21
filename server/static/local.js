// Answers the requests that the editor sends to its endpoint from an engine in this browser, and all others as before.
const SECONDS = 30;

export function answerHere({ endpoint, dump, base, tell }) {
  let worker, ready, next = 0;
  const waiting = new Map();

  function send(message) {
    return new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...message });
    });
  }

  function start() {
    tell("Loading the data into your browser …");
    worker = new Worker(new URL("engine.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error === undefined) resolve(data);
      else reject(new Error(data.error));
    });
    worker.addEventListener("error", () => stop(new Error("the engine does not start in this browser")));
    ready = send({ dump: new URL(dump, location.href).href, base });
    ready.then(({ size }) => tell(`${size.toLocaleString("en")} triples are loaded; queries run in your browser.`),
      (error) => tell(`The data cannot be loaded: ${error.message}`));
  }

  function stop(error) {
    worker.terminate();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  async function ask(query, signal) {
    await ready;
    const give = (message) => { stop(new Error(message)); start(); };
    const late = setTimeout(() => give(`the query ran longer than ${SECONDS} s`), SECONDS * 1000);
    signal?.addEventListener("abort", () => give("Aborted"));
    try {
      const { type, body } = await send({ query });
      return new Response(body, { headers: { "Content-Type": type } });
    } catch (error) {
      return new Response(error.message, { status: 400, headers: { "Content-Type": "text/plain" } });
    } finally {
      clearTimeout(late);
    }
  }

  start();
  const elsewhere = window.fetch.bind(window);
  window.fetch = async (request, options) => {
    if (!(request instanceof Request) || request.url !== endpoint) return elsewhere(request, options);
    return ask(new URLSearchParams(await request.text()).get("query"), request.signal);
  };
}
