import { basename } from 'node:path'

/** The name of a manifest's single image: `hero` of `src/hero.image.yaml`. */
export function singleImageName(file: string): string {
  const base = basename(file)
  return base.replace(/(?:\.image)?\.ya?ml$/i, '') || base
}
