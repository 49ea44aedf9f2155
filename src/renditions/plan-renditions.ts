import type { OutputSettings, RasterFormat } from '../manifest/manifest.ts'
import { canonicalJson } from '../plan/request-key.ts'
import { type Digest, sha256 } from '../system/digest.ts'
import { type Geometry, planGeometries } from './encode/geometry.ts'
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
 * A PNG original stays as it is, byte for byte, unless there are `formats`, `widths` or `aspect`.
 * `quality` alone changes nothing: PNG is lossless. Without `formats` the result is PNG whatever the
 * original is.
 */
export function planFiles(
  original: Pick<RenditionSource, 'format' | 'width' | 'height' | 'drawn'>,
  output: OutputSettings,
): FilePlan {
  const placeholder = output.placeholder ?? 'none'
  const asIs = !output.formats && !output.widths?.length && !output.aspect
  if (asIs && original.format === 'png' && !original.drawn) {
    const { width, height } = original
    return { formats: [[{ format: 'png', width, height, verbatim: true }]], placeholder }
  }
  const [first, ...others] = planGeometries(original, output)
  const formats: readonly RasterFormat[] = output.formats?.length ? output.formats : ['png']
  return {
    formats: [...new Set(formats)].map(format => {
      const usual = QUALITIES[format]
      const quality = usual === undefined ? undefined : (output.quality ?? usual)
      const file = (geometry: Geometry): PlannedFile => ({
        format,
        ...geometry,
        ...(quality === undefined ? {} : { quality }),
        verbatim: false,
      })
      return [file(first), ...others.map(file)] as const
    }),
    placeholder,
  }
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
  const { formats, placeholder } = planFiles(source, output)
  const named = (file: PlannedFile) => ({ key: keyOf(source, file, encoder), ...file })
  return {
    formats: formats.map(([first, ...others]) => [named(first), ...others.map(named)] as const),
    placeholder,
  }
}

function keyOf(source: RenditionSource, file: PlannedFile, encoder: string): Digest {
  const { verbatim, format, ...operations } = file
  if (verbatim) return source.digest
  const { digest: original, composite } = source
  const identity = { version: SCHEMA_VERSION, encoder, original, composite, format, ...operations }
  return sha256(canonicalJson(identity))
}
