import type { Path } from '../../../schema/schema-structure.ts'
import { formatOfExtension, isRasterFormat } from '../../../system/picture-format.ts'
import type { FixedFile } from '../../manifest.ts'
import type { WrittenFile } from '../../schema/output/named-files-schema.ts'
import { pixelsOf } from '../../sizes.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import { merge, type Placed, placeOf } from '../layers.ts'
import { outputNameFault } from '../names/output-name.ts'
import { ICO_SIZES, SETS } from './file-sets.ts'

export interface FilesContext {
  /** What the picture is requested in. */
  readonly size: string
  readonly faults: Faults
  fill(text: Placed<string>): string
}

type Report = (path: Path, message: string, hint: string) => void

/** The files of `output.files`, sets spelt out; undefined when the image has none. */
export function resolveFiles(
  image: ExpandedImage,
  { size, fill, faults }: FilesContext,
): readonly FixedFile[] | undefined {
  const place = placeOf(image.layers, 'output', 'files')
  const { files: written } = merge(image.layers, 'output')
  if (!place || !written) return undefined
  const { yaml } = place
  return written.flatMap((entry, index) => {
    const path = [...place.path, index]
    const report: Report = (below, message, hint) =>
      faults.add(yaml.source.diagnostic(yaml.valueSpan([...path, ...below]), message, hint))
    const resolved =
      typeof entry === 'string'
        ? SETS[entry]
        : resolveFile(entry, fill({ yaml, path: [...path, 'file'], value: entry.file }), report)
    // Nobody knows the size of other pictures before they are read.
    const isKnown = size !== 'auto' && image.own.fields.source === undefined
    if (isKnown) checkSize(resolved, size, report)
    return resolved
  })
}

function resolveFile(
  { width, height, sizes, padding }: WrittenFile,
  file: string,
  report: Report,
): readonly FixedFile[] {
  const fault = outputNameFault(file, 'output.files')
  if (fault) report(['file'], ...fault)
  const extension = /\.([^./]+)$/.exec(file)?.[1] ?? ''
  const space = padding === undefined ? {} : { padding: Number.parseFloat(padding) }
  if (extension.toLowerCase() === 'ico') {
    if (width !== undefined || height !== undefined) {
      const message = `${JSON.stringify(file)} takes \`sizes\`, not \`width\` and \`height\`.`
      report([], message, 'Write its square sizes: `sizes: [16, 32, 48]`.')
    }
    return [{ file, format: 'png', sizes: sizes ?? ICO_SIZES, ...space }]
  }
  if (sizes !== undefined) {
    const message = `Only an .ico takes \`sizes\`, and ${JSON.stringify(file)} is not an .ico.`
    report(['sizes'], message, 'Write `width`, and an entry for each size.')
  }
  if (height !== undefined && width === undefined) {
    const message = '`height` needs `width`.'
    report(['height'], message, 'Write `width` beside it, in pixels.')
  }
  const format = formatOfExtension(extension)
  if (!isRasterFormat(format)) {
    if (!fault) {
      const message = `The extension of ${JSON.stringify(file)} is not a picture format.`
      report(['file'], message, 'Possible: .png, .jpg, .webp, .avif and .ico.')
    }
    return []
  }
  return [
    {
      file,
      format,
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...space,
    },
  ]
}

/** Nothing is scaled up. */
function checkSize(files: readonly FixedFile[], size: string, report: Report): void {
  const most = pixelsOf(size)
  const tooLarge = files.find(({ sizes = [], width = 0, height = 0 }) => {
    const square = Math.max(0, ...sizes)
    return Math.max(square, width) > most.width || Math.max(square, height) > most.height
  })
  if (!tooLarge) return
  const { file, sizes = [], width, height } = tooLarge
  const square = Math.max(0, ...sizes)
  const wanted = `${width ?? square}×${height ?? (width === undefined ? square : '…')}`
  const message = `A picture of ${most.width}×${most.height} pixels is too small for ${JSON.stringify(file)} of ${wanted}.`
  report([], message, 'Write a larger `size` for the image, or smaller files.')
}
