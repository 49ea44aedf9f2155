/** A table of Markdown. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => escapeTags(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A tag that stands outside of code is text. */
function escapeTags(text: string): string {
  return text.replace(/(`+[^`]*`+)|</g, (_, code: string | undefined) => code ?? '&lt;')
}

/** A text of several lines as one. */
export function oneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s*\n\s*/g, ' ').trim()
}
