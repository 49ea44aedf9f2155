import { figure } from './bench-case.ts'
import { type CaseResult, median } from './run-case.ts'

/** What must hold and whether it does, then everybody's medians, case by case. */
export function renderReport(results: readonly CaseResult[], heading: readonly string[]): string {
  return [
    ...heading,
    '',
    renderBounds(results),
    '',
    ...results.flatMap(result => [...renderFigures(result), '']),
  ].join('\n')
}

function renderBounds(results: readonly CaseResult[]): string {
  const rows = results.flatMap(({ benchCase, prepared, rounds }) =>
    prepared.bounds.map(({ what, ratio, atMost, before, unit = 'times' }) => {
      const value = median(rounds.map(ratio))
      const format = FORMATS[unit]
      return [
        benchCase.name,
        what,
        before === undefined ? '–' : format(before),
        format(value),
        `≤ ${format(atMost)}`,
        value <= atMost ? 'yes' : '**no**',
      ]
    }),
  )
  return table(['case', 'compared', '0.1.0', 'now', 'must be', 'holds'], rows)
}

function renderFigures({ benchCase, prepared, rounds }: CaseResult): readonly string[] {
  const { contenders, notes = [], remarks = [] } = prepared
  const rows = contenders.map(({ name }) => {
    const of = (key: string) => median(rounds.map(round => figure(round, name, key)))
    const extra = notes.map(note => {
      const values = rounds.flatMap(round => round[name]?.[note] ?? [])
      return values.length > 0 ? milliseconds(median(values)) : ''
    })
    return [
      name,
      milliseconds(of('wall')),
      milliseconds(of('cpu')),
      FORMATS.MB(of('memory') / 1e6),
      ...extra,
    ]
  })
  const title = `### ${benchCase.name}`
  const count = rounds.length === 1 ? '1 round' : `medians of ${rounds.length} rounds`
  const head = ['process', 'time', 'CPU', 'peak memory', ...notes]
  const body = contenders.length > 0 ? ['', table(head, rows)] : []
  return [
    title,
    '',
    `${benchCase.work}${contenders.length > 0 ? ` (${count})` : ''}`,
    ...body,
    ...remarks.flatMap(line => ['', line]),
  ]
}

const FORMATS = {
  times: (value: number) => `${value.toFixed(2)}×`,
  MB: (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} MB`,
  s: (value: number) => `${value.toFixed(2)} s`,
  kB: (value: number) => `${value.toLocaleString('en', { maximumFractionDigits: 1 })} kB`,
  number: (value: number) => `${value}`,
}

function milliseconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : `${Math.round(value).toLocaleString('en')} ms`
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
