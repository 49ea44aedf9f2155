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
              <del class="words" dir="auto">
                <span class="visually-hidden">Before: </span>
                {before}
              </del>
            )}
            {after !== undefined && (
              <ins class="words" dir="auto">
                <span class="visually-hidden">After: </span>
                {after}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
