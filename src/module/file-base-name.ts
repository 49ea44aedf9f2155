import type { ImageId } from '../manifest/image-id.ts'

/** An image's name as the beginning of a file name: ASCII letters, digits and dashes. */
export function fileBaseName({ name }: Pick<ImageId, 'name'>): string {
  return name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'image'
}
