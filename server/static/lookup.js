// Names that hold a text: from the server, or from the index of a site that has none.
const SUGGESTED = 8;
const indexes = new Map();

async function read(address) {
  const response = await fetch(address);
  return response.ok ? response.json() : { results: [] };
}

export async function lookUp({ suggest, index }, text, most = SUGGESTED) {
  if (!index) return (await read(`${suggest}?q=${encodeURIComponent(text)}`)).results;
  if (!indexes.has(index)) indexes.set(index, read(index));
  const wanted = text.toLowerCase();
  const found = new Map(); // of the names of one thing, the one that fits best
  for (const row of (await indexes.get(index)).results) {
    const place = row.name.toLowerCase().indexOf(wanted);
    const late = row.name.length + (place ? 1000 : 0);
    if (place >= 0 && !(found.get(row.href)?.late <= late)) found.set(row.href, { ...row, late });
  }
  return [...found.values()].sort((one, other) => one.late - other.late || (one.name < other.name ? -1 : 1)).slice(0, most);
}
