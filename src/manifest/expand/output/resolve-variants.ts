import { mergeOutput } from '../../../config/parse-output.ts'
import type { Path } from '../../../schema/schema-structure.ts'
import type { ImageVariant, OutputSettings } from '../../manifest.ts'
import type { WrittenVariant } from '../../schema/variants-schema.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import type { Placed } from '../layers.ts'
import { isVariableName } from '../variables.ts'
import { widthFaults } from './resolve-output.ts'

export interface VariantContext {
  /** Manifest path relative to the project root. */
  readonly manifest: string
  /** The image's own. */
  readonly output: OutputSettings
  readonly faults: Faults
  fill(text: Placed<string>): string
  /** Reports a name that no image of the manifest has. */
  checkName(name: string, place: Placed<unknown>): void
}

/** The variants of an image, in the order of the manifest; undefined when it has none. */
export function resolveVariants(
  image: ExpandedImage,
  context: VariantContext,
): readonly ImageVariant[] | undefined {
  const written = Object.entries(image.own.fields.variants ?? {})
  if (written.length === 0) return undefined
  const byMedia = new Map<string, string>()
  return written.map(([name, variant]) => {
    const report = reportAt(image, name, context.faults)
    if (!isVariableName(name)) {
      const hint = 'Start the name with a letter, followed by letters, digits, "-" and "_".'
      report([], `${JSON.stringify(name)} cannot be the name of a variant.`, hint)
    }
    const media = variant.media.trim()
    checkMedia(media, report)
    const other = byMedia.get(media)
    if (other === undefined) byMedia.set(media, name)
    else {
      const message = `\`${other}\` and \`${name}\` have the same media query, so pages would never show \`${name}\`.`
      report(['media'], message, 'Change one of the queries, or remove one of the variants.')
    }
    // A misspelt key is a fault of its own.
    if (variant.image === undefined && variant.output === undefined && !context.faults.any) {
      const hint = 'Write `image: name`, or another crop: `output: { aspect: "4:5" }`.'
      report([], `Variant \`${name}\` shows the same picture as the image itself.`, hint)
    }
    const picture = { manifest: context.manifest, name: pictureOf(image, name, variant, context) }
    const output = mergeOutput(withoutFile(context.output), variant.output)
    for (const [field, ...fault] of widthFaults(variant.output ?? {}, output)) {
      report(['output', field], ...fault)
    }
    return { name, media, picture, output }
  })
}

/** The name of the image whose picture a variant shows. */
function pictureOf(
  image: ExpandedImage,
  variant: string,
  { image: written }: WrittenVariant,
  { fill, checkName, faults }: VariantContext,
): string {
  if (written === undefined) return image.name
  const path = [...image.own.path, 'variants', variant, 'image']
  const place = { yaml: image.own.yaml, path, value: written }
  const name = fill(place)
  if (name !== image.name) checkName(name, place)
  else {
    const report = reportAt(image, variant, faults)
    const message = `Variant \`${variant}\` of \`${name}\` refers to \`${name}\` itself.`
    report(['image'], message, 'Name another image, or remove `image` to show its own picture.')
  }
  return name
}

type Report = (field: Path, message: string, hint: string) => void

function reportAt({ own: { yaml, path } }: ExpandedImage, variant: string, faults: Faults): Report {
  return (field, message, hint) => {
    const at = [...path, 'variants', variant]
    const span = field.length === 0 ? yaml.keySpan(at) : yaml.valueSpan([...at, ...field])
    faults.add(yaml.source.diagnostic(span, message, hint))
  }
}

/** A browser drops what it does not understand without a word. */
function checkMedia(media: string, report: Report): void {
  if (/^(?:(?:not|only)\s+)?(?:all|screen|print)\b/.test(media)) return
  if (/^(?:not\s*)?\(/.test(media)) return
  const message = `${JSON.stringify(media)} is not a media query.`
  report(
    ['media'],
    message,
    'Write it like "(prefers-color-scheme: dark)" or "(max-width: 40rem)".',
  )
}

function withoutFile({ file: _, files: __, ...settings }: OutputSettings): OutputSettings {
  return settings
}
