// Completes things by their names: after a quotation mark or a bare word, the IRIs of what is called so.
import { lookUp } from "./lookup.js";

export function completeNames({ names, base }) {
  return {
    name: "names",
    bulk: false,
    autoShow: false,
    isValidCompletionPosition(yasqe) {
      return /^["']?[\p{L}][\p{L}\d .-]+["']?$/u.test(yasqe.getCompleteToken().string.trim());
    },
    async get(yasqe, token) {
      const text = token.string.replaceAll(/["']/g, "").trim();
      if (text.length < 2) return [];
      return (await lookUp(names, text, 20)).map(({ name, href }) => `${iri(base, href)} ${name}`);
    },
    // The name is what is shown, the IRI what is written.
    postprocessHints: (yasqe, hints) => hints.map((hint) => {
      const [text, ...name] = hint.text.split(" ");
      return { ...hint, text, displayText: name.join(" ") };
    }),
  };
}

function iri(base, href) {
  return `<${base}${href.replace(/^page\//, "id/").replace(/\.html$/, "")}>`;
}
