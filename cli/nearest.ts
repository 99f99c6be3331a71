/** The names that are most like one that does not exist, the most alike first. */
export function nearest(name: string, names: readonly string[], most = 3): readonly string[] {
  const ranked = names.map((one) => ({ one, edits: edits(name, one) })).toSorted((a, b) => a.edits - b.edits);
  return ranked.slice(0, most).map(({ one }) => one);
}

/** How many characters must be added, removed or changed. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries())
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}
