import { useEffect } from 'preact/hooks'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { LocationLink } from '../elements/location-link.tsx'
import { useData, useStore } from '../state/store-context.ts'
import { Block } from './block.tsx'

/** Which modules use an image; nothing where that is not known. */
export function UsedBy({ image }: { readonly image: GalleryImage }) {
  const { context, loadUsage } = useStore()
  const { actions } = useData()
  const isLive = actions !== undefined
  useEffect(() => {
    if (isLive) void loadUsage()
  }, [isLive, loadUsage])
  const { usage } = context.value
  if (!usage) return null
  const uses = usage.usesOf(image.id)
  return (
    <Block title="Used by">
      {uses.map(({ path, editorUrl }) => (
        <LocationLink
          key={path}
          location={{ path, line: 1, column: 1, ...(editorUrl !== undefined && { editorUrl }) }}
          text={path}
        />
      ))}
      {uses.length === 0 && (
        <p class="small quiet">
          {usage.scope === 'complete'
            ? 'No module uses this image.'
            : 'No loaded module uses this image. A module that the development server has not loaded yet may use it.'}
        </p>
      )}
    </Block>
  )
}
