// Results of queries as bars and as a timeline, drawn with the same marks as the pictures of pages.
const SVG = "http://www.w3.org/2000/svg";
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DAY = /^-?\d{4,}-\d{2}-\d{2}/;
const MOST = 200; // rows that are drawn

function make(name, attributes = {}, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const name = (term) => (term ? (term.type === "uri" ? term.value.replace(/^.*[/#](?=.)/, "") : term.value) : "");

class Picture {
  priority = 1;
  hideFromSelection = false;

  constructor(yasr) { this.yasr = yasr; }

  get rows() { return this.yasr.results?.getBindings?.() ?? []; }

  // The columns whose values all have a form, and the others.
  split(pattern) {
    const all = this.yasr.results?.getVariables?.() ?? [];
    const found = all.filter((key) => this.rows.some((row) => row[key])
      && this.rows.every((row) => !row[key] || (row[key].type !== "uri" && pattern.test(row[key].value))));
    return [found, all.filter((key) => !found.includes(key))];
  }

  canHandleResults() { return this.columns() !== null; }

  getIcon() { return document.createElement("span"); }

  draw() {
    const rows = this.rows.slice(0, MOST), box = document.createElement("div");
    const svg = make("svg", { class: "drawn", role: "img", "aria-label": `${this.label}; the tab Table has the numbers` });
    svg.setAttribute("viewBox", `0 0 640 ${this.fill(svg, rows)}`);
    box.className = "wide picture";
    box.append(svg);
    if (rows.length < this.rows.length) {
      const note = document.createElement("p");
      note.className = "meta";
      note.textContent = `The first ${MOST} of ${this.rows.length} rows are drawn.`;
      box.append(note);
    }
    this.yasr.resultsEl.replaceChildren(box);
  }
}

// Bars: the first column of numbers, named by the columns that hold none.
export class Chart extends Picture {
  label = "Chart";

  columns() {
    const [[number], names] = this.split(NUMBER);
    return number ? { number, names } : null;
  }

  fill(svg, rows) {
    const { number, names } = this.columns();
    const values = rows.map((row) => Number(row[number]?.value ?? 0));
    const most = Math.max(...values.map(Math.abs), 0) || 1;
    rows.forEach((row, place) => {
      const title = names.map((key) => name(row[key])).filter(Boolean).join(", ");
      const width = (Math.abs(values[place]) / most) * 330;
      const group = make("g");
      group.append(make("title", {}, `${title}: ${values[place]}`),
        make("text", { x: 215, y: place * 24 + 16, "text-anchor": "end" }, short(title, 26)),
        make("rect", { class: values[place] < 0 ? "bar against" : "bar", x: 225, y: place * 24 + 4, width, height: 16 }),
        make("text", { class: "scale", x: 231 + width, y: place * 24 + 16 }, row[number]?.value ?? ""));
      svg.append(group);
    });
    return Math.max(rows.length, 1) * 24 + 4;
  }
}

// Rows in order of the first column of days, each at its place in time.
export class Timeline extends Picture {
  label = "Timeline";

  columns() {
    const [[day], names] = this.split(DAY);
    return day ? { day, names } : null;
  }

  fill(svg, rows) {
    const { day, names } = this.columns();
    const dated = rows.filter((row) => row[day]).sort((one, other) => (one[day].value < other[day].value ? -1 : 1));
    const times = dated.map((row) => Date.parse(row[day].value));
    const first = times[0] ?? 0, length = (times.at(-1) ?? 0) - first || 1;
    dated.forEach((row, place) => {
      const title = names.map((key) => name(row[key])).filter(Boolean).join(" · ");
      const x = 110 + ((times[place] - first) / length) * 120, y = place * 24 + 16;
      const group = make("g");
      group.append(make("title", {}, `${row[day].value}: ${title}`),
        make("text", { class: "scale", x: 0, y: y + 4 }, row[day].value.slice(0, 10)),
        make("line", { class: "axis", x1: 110, x2: 230, y1: y, y2: y }),
        make("circle", { class: "bar", cx: x, cy: y, r: 5 }),
        make("text", { x: 245, y: y + 4 }, short(title, 50)));
      svg.append(group);
    });
    return Math.max(dated.length, 1) * 24 + 16;
  }
}
