import type { ImageAsset } from 'unplugin-imagegen'
import { Picture } from 'unplugin-imagegen/react'

export interface CardProps {
  readonly title: string
  readonly image: ImageAsset
}

export function Card({ title, image }: CardProps) {
  return (
    <figure>
      <Picture
        src={image}
        alt={image.alt ?? ''}
        sizes="20rem"
        style={{ width: '20rem', height: 'auto' }}
      />
      <figcaption>{title}</figcaption>
    </figure>
  )
}
