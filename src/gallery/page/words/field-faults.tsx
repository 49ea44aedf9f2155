import type { GalleryFieldFault } from '../../data/gallery-exchanges.ts'

interface FieldFaultsProps {
  /** What is faulty is described by it. */
  readonly id: string
  readonly faults: readonly GalleryFieldFault[]
  readonly areLinesNamed?: boolean
}

/** What is wrong, and what to write instead. Announced when it appears. */
export function FieldFaults({ id, faults, areLinesNamed = false }: FieldFaultsProps) {
  return (
    <div class="small fault" data-tone="bad" id={id} role="alert">
      {faults.map(({ line, message, hint }) => (
        <p key={`${line} ${message}`}>
          {[areLinesNamed && `Line ${line}:`, message, hint].filter(Boolean).join(' ')}
        </p>
      ))}
    </div>
  )
}
