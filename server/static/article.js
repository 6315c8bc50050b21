// Marks the characters that the address names (#char=123,180 or #m-123-180), also where no anchor was made for them.
function mark() {
  const found = /^#(?:char=(\d+),|m-(\d+)-)(\d+)$/.exec(decodeURIComponent(location.hash));
  CSS.highlights?.delete("fragment");
  if (!found) return;
  const start = Number(found[1] ?? found[2]), end = Number(found[3]);
  for (const text of document.querySelectorAll("p.text")) {
    const first = Number(text.dataset.start), last = Number(text.dataset.end);
    if (start >= last || end <= first) continue;
    if (CSS.highlights) CSS.highlights.set("fragment", new Highlight(range(text, start - first, end - first)));
    if (!document.getElementById(location.hash.slice(1))) text.scrollIntoView({ block: "center" });
    return;
  }
}

// Offsets of articles count code points; those of the document count UTF-16 units.
function range(text, start, end) {
  const found = document.createRange();
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let place = 0;
  found.selectNodeContents(text);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const letters = [...node.data];
    const units = (count) => letters.slice(0, count).join("").length;
    if (start >= place && start < place + letters.length) found.setStart(node, units(start - place));
    if (end > place && end <= place + letters.length) found.setEnd(node, units(end - place));
    place += letters.length;
  }
  return found;
}

addEventListener("hashchange", mark);
mark();
