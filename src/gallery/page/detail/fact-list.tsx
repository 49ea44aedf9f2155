import type { ComponentChildren } from 'preact'
import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryAmount } from '../../data/gallery-costs.ts'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import { AgeClock } from '../elements/clocks.tsx'
import { Icon } from '../elements/icon.tsx'
import { LocationLink } from '../elements/location-link.tsx'
import { formatSize } from '../state/format.ts'
import { sizeMismatch } from '../state/gallery-state.ts'
import { Block } from './block.tsx'

interface FactListProps {
  readonly image: GalleryImage
  /** The one on the stage. */
  readonly picture: GalleryPicture | undefined
}

export function FactList({ image, picture }: FactListProps) {
  const { location, status, alt, price } = image
  const isGenerated = image.source === undefined
  return (
    <Block title="Details">
      <dl class="table">
        <Fact term="Size">
          <Size image={image} picture={picture} />
        </Fact>
        {isGenerated && <Fact term="Model">{picture?.model ?? image.model}</Fact>}
        {isGenerated && <Fact term="Revision">{picture?.revision ?? image.revision}</Fact>}
        {isGenerated && picture && <PictureFactRows picture={picture} />}
        {!picture && price && <Fact term="Cost">{`about ${shownAmount(price)}`}</Fact>}
        {status.state === 'uncertain' && (
          <Fact term="Request ID">
            <code>{status.requestId}</code>
          </Fact>
        )}
        {alt && <Fact term="Alt text">{alt}</Fact>}
        <Fact term="Manifest">
          <LocationLink location={location} text={`${location.path}:${location.line}`} />
        </Fact>
      </dl>
    </Block>
  )
}

function PictureFactRows({ picture }: { readonly picture: GalleryPicture }) {
  const { createdAt, attempts, origin, cost, where } = picture
  return (
    <>
      <Fact term="Made">
        <AgeClock time={createdAt} />
      </Fact>
      <Fact term="Attempts">{attempts}</Fact>
      {origin !== undefined && <Fact term="Origin">{origin}</Fact>}
      {cost && <Fact term="Cost">{shownAmount(cost)}</Fact>}
      <Fact term="Original">{where === 'local' ? 'on this machine' : 'in the shared store'}</Fact>
    </>
  )
}

interface FactProps {
  readonly term: string
  readonly children: ComponentChildren
}

function Fact({ term, children }: FactProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Size({ image, picture }: FactListProps) {
  if (!picture) return <>{`${formatSize(image.size)} requested`}</>
  const mismatch = sizeMismatch(picture)
  const real = formatSize(mismatch ?? `${picture.width}x${picture.height}`)
  if (mismatch) {
    return (
      <>
        {real}{' '}
        <span class="line tone" data-tone="warn">
          <Icon name="mismatch" />
          {`${formatSize(picture.size)} requested`}
        </span>
      </>
    )
  }
  return (
    <>{image.source !== undefined || picture.size === 'auto' ? real : `${real}, as requested`}</>
  )
}

function shownAmount({ amount, currency }: GalleryAmount): string {
  return formatAmount(amount, currency)
}
