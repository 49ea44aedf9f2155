import type { ReviewedWords } from '../../data/gallery-review.ts'

/** Fields before and after, each text in its own direction. */
export function WordChanges({ words }: { readonly words: readonly ReviewedWords[] }) {
  return (
    <dl class="table">
      {words.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd class="stack">
            {before !== undefined && (
              <del data-tone="bad" data-sign="−">
                <Text label="Before: " text={before} />
              </del>
            )}
            {after !== undefined && (
              <ins data-tone="good" data-sign="+">
                <Text label="After: " text={after} />
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface TextProps {
  /** For those who do not see the sign before it. */
  readonly label: string
  readonly text: string
}

/** Prose in its own direction, JSON as it is. */
function Text({ label, text }: TextProps) {
  const isData = /^[[{]/.test(text)
  return (
    <>
      {/* Outside of the text, whose first letter says in which direction it runs. */}
      <span class="visually-hidden">{label}</span>
      <span class={isData ? 'words path' : 'words'} dir={isData ? 'ltr' : 'auto'}>
        {text}
      </span>
    </>
  )
}
