import type { OutputOptions } from '../../../config/output-settings.ts'
import { mergeOutput } from '../../../config/parse-output.ts'
import { extensionOf, formatOfExtension, isRasterFormat } from '../../../system/picture-format.ts'
import type { OutputSettings } from '../../manifest.ts'
import type { WrittenOutput } from '../../schema/output/output-schema.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import { merge, placeOf } from '../layers.ts'
import { outputNameFault } from '../names/output-name.ts'
import { type FilesContext, resolveFiles } from './resolve-files.ts'

export interface OutputContext extends FilesContext {
  readonly options: OutputSettings | undefined
}

/** Merges the output settings of an image over those of the manifest and the options. */
export function resolveOutput(
  image: ExpandedImage,
  { options, size, fill, faults }: OutputContext,
): OutputSettings {
  const settings = image.layers.map(({ fields }) => withoutNames(fields.output))
  const merged = settings.reduce<OutputSettings>(mergeOutput, options ?? {})
  checkWidths(image, merged, faults)
  const files = resolveFiles(image, { size, fill, faults })
  const output = { ...merged, ...(files && { files }) }
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

function withoutNames({ file: _, files: __, ...settings }: WrittenOutput = {}): OutputOptions {
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
      'Write `width` for a picture of fixed size, or `widths` for one that scales with the page.'
    return [['width', message, hint]]
  }
  if (densities === undefined || !output || output.width !== undefined) return []
  const hint = 'Write `width` beside it: the width of the picture on the page, in pixels.'
  return [['densities', '`output.densities` needs `width`.', hint]]
}

function fileFault(file: string, { formats }: OutputSettings): [string, string] | undefined {
  const fault = outputNameFault(file, 'output.file')
  if (fault) return fault
  const fallback = formats?.at(-1) ?? 'png'
  const extension = /\.([^./]+)$/.exec(file)?.[1] ?? ''
  const format = formatOfExtension(extension)
  if (format === fallback) return undefined
  const message = formats
    ? `\`output.file\` ${JSON.stringify(file)} does not match the fallback format, ${fallback}.`
    : `\`output.file\` ${JSON.stringify(file)} does not match the format of the original, png.`
  const renamed = `${file.slice(0, file.length - (extension ? extension.length + 1 : 0))}.${extensionOf(fallback)}`
  const hint = `Name it \`${renamed}\``
  return [
    message,
    isRasterFormat(format) ? `${hint}, or write \`formats: [${format}]\` beside it.` : `${hint}.`,
  ]
}
