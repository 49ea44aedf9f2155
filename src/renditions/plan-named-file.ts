import type { FixedFile, OutputSettings } from '../manifest/manifest.ts'
import { crops, type Dimensions } from './encode/geometry.ts'
import { insideOf } from './encode/padding.ts'
import type { PlannedFile } from './rendition.ts'

type Encoding = Pick<PlannedFile, 'quality' | 'effort' | 'background'>

/**
 * Plans a file of `output.files`. Pure.
 * @param encoding what holds for every file of its format
 */
export function planNamedFile(
  original: Dimensions,
  { file, format, sizes, padding, opaque, purpose, ...box }: FixedFile,
  { position, background }: Pick<OutputSettings, 'position' | 'background'>,
  encoding: Encoding,
): PlannedFile {
  const { width, height } = sizes ? squareOf(sizes) : boxOf(original, box)
  const isFramed = sizes !== undefined || box.height !== undefined || padding !== undefined
  const frame = { width, height, ...(isFramed && { fit: 'cover' as const }) }
  const inside = { ...frame, ...insideOf({ ...frame, padding }) }
  const under = opaque ? (background ?? '#ffffff') : padding === undefined ? undefined : background
  return {
    format,
    ...frame,
    ...(position && crops(original, inside) && { position }),
    ...encoding,
    ...(under !== undefined && { background: under }),
    ...(padding !== undefined && { padding }),
    ...(sizes && { sizes: [...sizes].sort((a, b) => a - b) }),
    verbatim: false,
    named: { file, ...(purpose && { purpose }) },
  }
}

function squareOf(sizes: readonly number[]): Dimensions {
  const side = Math.max(...sizes)
  return { width: side, height: side }
}

function boxOf(
  original: Dimensions,
  { width = original.width, height }: Pick<FixedFile, 'width' | 'height'>,
): Dimensions {
  const inProportion = Math.max(1, Math.round((width * original.height) / original.width))
  return { width, height: height ?? inProportion }
}
