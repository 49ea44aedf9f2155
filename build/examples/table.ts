/** Lines of a Markdown table. */
export function renderTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? {})
  const width = (name: string) => Math.max(name.length, ...rows.map(row => row[name]?.length ?? 0))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(names.map(name => name.padEnd(width(name)))),
    line(names.map(name => '-'.repeat(width(name)))),
    ...rows.map(row => line(names.map(name => (row[name] ?? '').padEnd(width(name))))),
  ].join('\n')
}
