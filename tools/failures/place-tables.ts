const BEGIN = "<!-- from failures.json, by npm run failures -->";
const END = "<!-- end -->";

/**
 * A page with new tables between its two marks.
 *
 * @throws {Error} where the page has no marks
 */
export function placeTables(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) {
    throw new Error(`docs/failures.md: must hold the lines ${BEGIN} and ${END}`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${tables}\n${page.slice(end)}`;
}
