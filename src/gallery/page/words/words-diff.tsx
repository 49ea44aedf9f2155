import type { GalleryDiffLine } from '../../data/gallery-exchanges.ts'

const MARKS = { same: ' ', added: '+', removed: '−' } as const

interface WordsDiffProps {
  readonly manifest: string
  readonly lines: readonly GalleryDiffLine[]
}

/** What would be written into the YAML. */
export function WordsDiff({ manifest, lines }: WordsDiffProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section cannot be preformatted
    <pre
      class="diff tall scroll box"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll
      tabIndex={0}
      role="region"
      aria-label={`Changes in ${manifest}`}
    >
      {lines.map(({ kind, text, line }) => (
        <span key={`${kind} ${line}`} data-tone={TONES[kind]} class={kind}>
          {`${MARKS[kind]} ${text}\n`}
        </span>
      ))}
    </pre>
  )
}

const TONES = { same: undefined, added: 'good', removed: 'bad' } as const
