import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import { copyText } from '../elements/copy-text.ts'
import { Icon } from '../elements/icon.tsx'
import { useData, useStore } from '../state/store-context.ts'
import { TakeAway } from '../take/take-away.tsx'
import { ImageChanges } from '../words/manifest-changes.tsx'
import { WordsEditor } from '../words/words-editor.tsx'
import { WordsHistory } from '../words/words-history.tsx'
import { Block } from './block.tsx'
import { FactList } from './fact-list.tsx'
import { FileTable } from './file-table.tsx'
import { References, Variants } from './references.tsx'
import { StateReport } from './state-report.tsx'
import { UsedBy } from './used-by.tsx'

interface DetailFactsProps {
  readonly image: GalleryImage
  /** The one on the stage. */
  readonly picture: GalleryPicture | undefined
}

/** The column of the words. */
export function DetailFacts({ image, picture }: DetailFactsProps) {
  const form = useStore().words.of(image.id)
  const { actions } = useData()
  return (
    <div class="parts">
      <StateReport image={image} />
      {form ? <WordsEditor form={form} /> : <Prompt image={image} picture={picture} />}
      <ImageChanges image={image} />
      {actions && <WordsHistory image={image} />}
      <References references={image.references} />
      <Variants variants={image.variants} />
      <FactList image={image} picture={picture} />
      {picture && <FileTable picture={picture} />}
      <UsedBy image={image} />
      <ImportLine line={image.importLine} />
      <TakeAway image={image} picture={picture} />
    </div>
  )
}

function Prompt({ image, picture }: DetailFactsProps) {
  if (image.source !== undefined) {
    return (
      <Block title="Source">
        <p class="prose words" dir="auto">
          {image.source}
        </p>
        <EditButton image={image} />
      </Block>
    )
  }
  const prompt = picture?.prompt ?? image.prompt
  const revised = picture?.revisedPrompt
  return (
    <>
      <Block title="Prompt">
        <p class="prose words" dir="auto">
          {prompt}
        </p>
        {picture?.prompt !== undefined && (
          <p class="small quiet">This picture was made from an earlier prompt, shown above.</p>
        )}
        <EditButton image={image} />
      </Block>
      {picture?.prompt !== undefined && (
        <Block title="Prompt now">
          <p class="words" dir="auto">
            {image.prompt}
          </p>
        </Block>
      )}
      {revised && revised !== prompt && (
        <Block title="Revised by the API">
          <p class="words quiet" dir="auto">
            {revised}
          </p>
        </Block>
      )}
    </>
  )
}

function EditButton({ image }: Pick<DetailFactsProps, 'image'>) {
  const { words } = useStore()
  const { actions } = useData()
  if (!actions) return null
  return (
    <div>
      <button class="button" type="button" data-focus="edit" onClick={() => words.start(image.id)}>
        Edit words
      </button>
    </div>
  )
}

function ImportLine({ line }: { readonly line: string }) {
  const { announcer } = useStore()
  return (
    <Block title="Import">
      <div class="box line">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls */}
        {/* biome-ignore lint/a11y/useSemanticElements: a section cannot be preformatted */}
        <pre class="scroll grow" tabIndex={0} role="region" aria-label="Import line">
          <code>{line}</code>
        </pre>
        <button
          class="button bare"
          type="button"
          aria-label="Copy the import line"
          title="Copy"
          onClick={() => void copyText(line, announcer)}
        >
          <Icon name="copy" />
        </button>
      </div>
    </Block>
  )
}
