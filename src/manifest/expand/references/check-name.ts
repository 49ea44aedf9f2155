import { suggest } from '../../../text/suggest.ts'
import type { Placed } from '../layers.ts'
import { type Resolution, report } from './resolution.ts'

type NameCheck = Omit<Resolution, 'fill'>

/** Reports a name by which one image means another one of its manifest, if there is none. */
export function checkName(name: string, place: Placed<unknown>, resolution: NameCheck): void {
  const { own, expanded, names, image } = resolution
  if (name === image.name) {
    const hint = 'Refer to another image, or to a file.'
    report(place, resolution, `\`${name}\` refers to itself.`, hint)
    return
  }
  // A variable without a value is reported already.
  if (names.has(name) || name.includes('{{')) return
  // An image with faults of its own exists, but has no names yet.
  if ([...own.faulty].some(faulty => name === faulty || name.startsWith(`${faulty}-`))) return
  const variants = expanded.filter(({ writtenName }) => writtenName === name)
  const [variant] = variants
  if (!variant) {
    const hint = suggest(name, [...names])
    report(place, resolution, `There is no image \`${name}\` in this manifest.`, hint)
    return
  }
  const axes = Object.keys(variant.own.fields.matrix ?? {})
  const pattern = [name, ...axes.map(axis => `{{${axis}}}`)].join('-')
  report(
    place,
    resolution,
    `\`${name}\` has a matrix, so it stands for ${variants.length} images.`,
    `Name one of them, like \`${variant.name}\`, or write "${pattern}" to follow the matrix of this image.`,
  )
}
