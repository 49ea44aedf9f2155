import type { CropPosition, OutputSettings, RasterFormat } from '../manifest/manifest.ts'
import { canonicalJson } from '../plan/request-key.ts'
import { type Digest, sha256 } from '../system/digest.ts'
import { isRasterFormat } from '../system/picture-format.ts'
import { THOROUGH_JPEG } from './encode/encoder-options.ts'
import { crops, type Dimensions, type Geometry, planGeometries } from './encode/geometry.ts'
import { planNamedFile } from './plan-named-file.ts'
import type { FilePlan, PlannedFile, RenditionPlan, RenditionSource } from './rendition.ts'

/** Increases whenever the same plan would give different bytes. */
const SCHEMA_VERSION = 1

/** 1 to 100, unless `quality` says otherwise. PNG is written without loss. */
const QUALITIES: Readonly<Record<RasterFormat, number | undefined>> = {
  png: undefined,
  jpeg: 80,
  webp: 80,
  // AVIF has a scale of its own: 50 looks about like JPEG's 80.
  avif: 50,
}

/**
 * Plans the files of an original, and how they look. Pure.
 *
 * A PNG original stays as it is, byte for byte, unless there are `formats`, `widths`, `width` or `aspect`.
 * `quality` alone changes nothing: PNG is lossless. Without `formats` the result is PNG whatever the
 * original is; a source image keeps its own format.
 */
export function planFiles(
  original: Pick<RenditionSource, 'format' | 'width' | 'height' | 'drawn' | 'supplied'>,
  output: OutputSettings,
): FilePlan {
  const files = output.files?.map(named =>
    planNamedFile(original, named, output, planEncoding(named.format, output)),
  )
  return { ...planShown(original, output), ...(files && { files }) }
}

/** Every file of a plan. */
export function filesIn<File extends PlannedFile>({
  formats,
  files = [],
}: FilePlan<File>): readonly File[] {
  return [...formats.flat(), ...files]
}

/** The files that pages show. */
function planShown(
  original: Pick<RenditionSource, 'format' | 'width' | 'height' | 'drawn' | 'supplied'>,
  output: OutputSettings,
): FilePlan {
  const placeholder = output.placeholder ?? 'none'
  const { formats: wanted, widths, width: fixedWidth, aspect } = output
  const asIs = !wanted && !widths?.length && fixedWidth === undefined && !aspect
  if (asIs && original.format === 'png' && !original.drawn && !original.supplied) {
    const { width, height } = original
    return { formats: [[{ format: 'png', width, height, verbatim: true }]], placeholder }
  }
  const [first, ...others] = planPlaces(original, output)
  const formats = output.formats?.length ? output.formats : [usualFormat(original)]
  return {
    formats: [...new Set(formats)].map(format => {
      const encoding = planEncoding(format, output)
      const file = (place: Place): PlannedFile => ({
        format,
        ...place,
        ...encoding,
        verbatim: false,
      })
      return [file(first), ...others.map(file)] as const
    }),
    placeholder,
  }
}

/** A source image keeps its own. */
function usualFormat({
  format,
  supplied = false,
}: Pick<RenditionSource, 'format' | 'supplied'>): RasterFormat {
  return supplied && isRasterFormat(format) ? format : 'png'
}

type Place = Geometry & Pick<PlannedFile, 'position' | 'density'>

/** The sizes of a picture, ascending, and what crops keep of it. */
function planPlaces(original: Dimensions, output: OutputSettings): readonly [Place, ...Place[]] {
  const { width, densities = [], position } = output
  const at = (density: number) => Math.round((width ?? 0) * density)
  const all = [1, ...densities]
  const widths = width === undefined ? output.widths : all.map(at)
  const place = (geometry: Geometry, first: Geometry): Place => ({
    ...geometry,
    ...(position && crops(original, geometry) && !isMiddle(position) && { position }),
    ...(width !== undefined && {
      // Those of a shape that `fit` keeps have other widths.
      density:
        all.find(density => at(density) === geometry.width) ??
        Number((geometry.width / first.width).toFixed(2)),
    }),
  })
  const [first, ...others] = planGeometries(original, { ...output, ...(widths && { widths }) })
  return [place(first, first), ...others.map(geometry => place(geometry, first))]
}

function isMiddle(position: CropPosition): boolean {
  return typeof position !== 'string' && position.every(part => part === 50)
}

/** Only what the format knows, so that the others keep their keys. */
function planEncoding(
  format: RasterFormat,
  { quality: given, effort, background }: OutputSettings,
): Pick<PlannedFile, 'quality' | 'effort' | 'background'> {
  const usual = QUALITIES[format]
  const own = typeof given === 'object' ? given[format] : given
  const quality = usual === undefined ? undefined : (own ?? usual)
  const hasEffort = effort !== undefined && (format !== 'jpeg' || effort >= THOROUGH_JPEG)
  return {
    ...(quality !== undefined && { quality }),
    ...(hasEffort && { effort }),
    ...(format === 'jpeg' && background !== undefined && { background }),
  }
}

/**
 * Whether pages can see through the files of a picture.
 * @param alpha whether the picture itself has transparent pixels
 */
export function isTransparent({ formats }: FilePlan, alpha: boolean): boolean {
  return formats.flat().some(({ format, fit }) => format !== 'jpeg' && (alpha || fit === 'contain'))
}

/** Whether transparent pixels turn white although nobody said so. */
export function turnsWhite(plan: FilePlan, alpha: boolean): boolean {
  return (
    alpha &&
    filesIn(plan).some(({ format, background }) => format === 'jpeg' && background === undefined)
  )
}

/**
 * Adds to {@link planFiles} the key of each file in the cache.
 * @param encoder version of sharp
 */
export function planRenditions(
  source: RenditionSource,
  output: OutputSettings,
  encoder: string,
): RenditionPlan {
  const { formats, files, placeholder } = planFiles(source, output)
  const named = (file: PlannedFile) => ({ key: keyOf(source, file, encoder), ...file })
  return {
    formats: formats.map(([first, ...others]) => [named(first), ...others.map(named)] as const),
    placeholder,
    ...(files && { files: files.map(named) }),
  }
}

function keyOf(source: RenditionSource, file: PlannedFile, encoder: string): Digest {
  // Density and name are where a file is shown, not what is in it.
  const { verbatim, format, density, named, ...operations } = file
  if (verbatim) return source.digest
  const { digest: original, composite, unmarked, supplied } = source
  const identity = {
    version: SCHEMA_VERSION,
    encoder,
    original,
    composite,
    // Most pictures are marked and generated, and keep their keys.
    ...(unmarked && { unmarked }),
    ...(supplied && { supplied }),
    format,
    ...operations,
  }
  return sha256(canonicalJson(identity))
}
