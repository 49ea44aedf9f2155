import { extensionOf, formatOfExtension, isRasterFormat } from '../../../system/picture-format.ts'
import type { ManifestImage, OutputSettings } from '../../manifest.ts'
import type { WrittenOutput } from '../../schema/output-schema.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import { merge, type Placed, placeOf } from '../layers.ts'
import { fileNameProblem, foldName } from '../names/file-names.ts'

/** Merges the output settings of an image over those of the manifest and the options. */
export function resolveOutput(
  image: ExpandedImage,
  options: OutputSettings | undefined,
  fill: (text: Placed<string>) => string,
  faults: Faults,
): OutputSettings {
  const { file, ...settings } = merge(image.layers, 'output')
  const output = mergeOutput(options, settings)
  if (file === undefined) return output
  const place = placeOf(image.layers, 'output', 'file')
  if (!place) return output
  const filled = fill({ ...place, value: file })
  const fault = fileFault(filled, output)
  if (fault) {
    faults.add(place.yaml.source.diagnostic(place.yaml.valueSpan(place.path), ...fault))
  }
  return { ...output, file: filled }
}

/** Written settings over resolved ones, key by key. */
export function mergeOutput(
  below: OutputSettings = {},
  { aspect, ...settings }: Omit<WrittenOutput, 'file'> = {},
): OutputSettings {
  return { ...below, ...settings, ...(aspect && { aspect: parseAspect(aspect) }) }
}

function parseAspect(aspect: string): readonly [number, number] {
  const [width = 1, height = 1] = aspect.split(':').map(Number)
  return [width, height]
}

function fileFault(file: string, { formats }: OutputSettings): [string, string] | undefined {
  const segments = file.split('/')
  if (
    /^[a-z]:/i.test(file) ||
    segments.some(part => part === '' || part === '.' || part === '..')
  ) {
    return [
      `\`output.file\` ${JSON.stringify(file)} is no plain path below the output directory.`,
      'Write it like `og/home.png`.',
    ]
  }
  if (/[\\?#%<>:"|*\p{Cc}]/u.test(file)) {
    return [
      `\`output.file\` ${JSON.stringify(file)} has a character that file names or URLs cannot have.`,
      'Use letters, digits, "-", "_", "." and "/".',
    ]
  }
  for (const part of segments) {
    const problem = fileNameProblem(part)
    if (!problem) continue
    return [
      `\`output.file\` ${JSON.stringify(file)} cannot be the name of a file everywhere: of ${JSON.stringify(part)}, ${problem}.`,
      'Use letters, digits, "-", "_", "." and "/".',
    ]
  }
  const fallback = formats?.at(-1) ?? 'png'
  const extension = /\.([^./]+)$/.exec(file)?.[1] ?? ''
  const format = formatOfExtension(extension)
  if (format === fallback) return undefined
  const message = formats
    ? `\`output.file\` ${JSON.stringify(file)} does not fit the fallback format, ${fallback}.`
    : `\`output.file\` ${JSON.stringify(file)} does not fit the format of the original, png.`
  const renamed = `${file.slice(0, file.length - (extension ? extension.length + 1 : 0))}.${extensionOf(fallback)}`
  const hint = `Name it \`${renamed}\``
  return [
    message,
    isRasterFormat(format) ? `${hint}, or write \`formats: [${format}]\` beside it.` : `${hint}.`,
  ]
}

/** Reports images with the same file name: one would overwrite the other. */
export function checkFiles(
  images: readonly { readonly image: ExpandedImage; readonly result: ManifestImage }[],
  faults: Faults,
): void {
  const byFile = new Map<string, ManifestImage>()
  for (const { image, result } of images) {
    const { file } = result.output
    if (file === undefined) continue
    const folded = foldName(file)
    const other = byFile.get(folded)
    byFile.set(folded, result)
    const place = placeOf(image.layers, 'output', 'file')
    if (!other || !place) continue
    const { name } = result.id
    faults.add(
      place.yaml.source.diagnostic(
        place.yaml.valueSpan(place.path),
        other.output.file === file
          ? `\`${other.id.name}\` and \`${name}\` would both be emitted as ${JSON.stringify(file)}.`
          : `\`${other.id.name}\` is emitted as ${JSON.stringify(other.output.file)} and \`${name}\` as ${JSON.stringify(file)}: some file systems do not tell these names apart.`,
        image.name === image.writtenName
          ? 'Give each a name of its own.'
          : 'Put a variable of the matrix into the name, like `og/{{theme}}.png`.',
      ),
    )
  }
}
