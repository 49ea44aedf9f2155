import { mergeOutput } from '../../../config/parse-output.ts'
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
  const settings = image.layers.map(({ fields }) => withoutNames(fields.output))
  const output = settings.reduce<OutputSettings>(mergeOutput, options ?? {})
  checkWidths(image, output, faults)
  const place = placeOf(image.layers, 'output', 'file')
  const { file } = merge(image.layers, 'output')
  if (file === undefined || !place) return output
  const filled = fill({ ...place, value: file })
  const fault = fileFault(filled, output)
  if (fault) {
    faults.add(place.yaml.source.diagnostic(place.yaml.valueSpan(place.path), ...fault))
  }
  return { ...output, file: filled }
}

function withoutNames({ file: _, ...settings }: WrittenOutput = {}): WrittenOutput {
  return settings
}

/** Reports widths that say two things, or too little. */
function checkWidths({ layers, own }: ExpandedImage, output: OutputSettings, faults: Faults): void {
  for (const { yaml, path, fields } of layers) {
    for (const [field, ...fault] of widthFaults(
      fields.output ?? {},
      fields === own.fields ? output : undefined,
    )) {
      faults.add(yaml.source.diagnostic(yaml.keySpan([...path, 'output', field]), ...fault))
    }
  }
}

/**
 * What is wrong with the widths of one place: field, message and hint.
 * @param output all settings that hold there; absent: others may add to them
 */
export function widthFaults(
  { width, widths, densities }: Pick<WrittenOutput, 'width' | 'widths' | 'densities'>,
  output: OutputSettings | undefined,
): readonly [field: string, message: string, hint: string][] {
  if (width !== undefined && widths !== undefined) {
    const message = '`output.width` and `output.widths` exclude each other.'
    const hint =
      'Write `width` for a picture of fixed size, `widths` for one that grows with the page.'
    return [['width', message, hint]]
  }
  if (densities === undefined || !output || output.width !== undefined) return []
  const hint = 'Write `width` beside it: the width of the picture on the page, in pixels.'
  return [['densities', '`output.densities` needs `width`.', hint]]
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
