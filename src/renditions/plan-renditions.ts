import { createHash } from 'node:crypto'
import type { OutputSettings, RasterFormat } from '../manifest/manifest.ts'
import type { Digest } from '../plan/image-request.ts'
import { canonicalJson } from '../plan/request-key.ts'
import { FORMATS } from './formats.ts'
import { type Geometry, planGeometries } from './geometry.ts'
import type { PlannedRendition, RenditionPlan, RenditionSource } from './rendition.ts'

/** Changes whenever the same plan would be encoded into other bytes. */
const SCHEMA_VERSION = 1

/**
 * Which files are made of an original. Pure.
 *
 * A PNG original is taken as it is, byte for byte, unless `formats`, `widths` or `aspect` ask for
 * something else. `quality` alone does not: PNG is written without loss. Without `formats` the
 * result is PNG whatever the original is.
 *
 * @param encoder version of sharp
 */
export function planRenditions(
  source: RenditionSource,
  output: OutputSettings,
  encoder: string,
): RenditionPlan {
  const placeholder = output.placeholder ?? 'none'
  const asIs = !output.formats && !output.widths?.length && !output.aspect
  if (asIs && source.format === 'png' && !source.drawn) {
    const { width, height, digest } = source
    return {
      formats: [[{ key: digest, format: 'png', width, height, verbatim: true }]],
      placeholder,
    }
  }
  const [first, ...others] = planGeometries(source, output)
  const formats: readonly RasterFormat[] = output.formats?.length ? output.formats : ['png']
  return {
    formats: [...new Set(formats)].map(format => {
      const planOne = (geometry: Geometry) =>
        planRendition(source, format, geometry, output.quality, encoder)
      return [planOne(first), ...others.map(planOne)] as const
    }),
    placeholder,
  }
}

function planRendition(
  source: RenditionSource,
  format: RasterFormat,
  geometry: Geometry,
  wantedQuality: number | undefined,
  encoder: string,
): PlannedRendition {
  const { quality: usual } = FORMATS[format]
  const quality = usual === undefined ? undefined : (wantedQuality ?? usual)
  const operations = { ...geometry, ...(quality === undefined ? {} : { quality }) }
  const key = digestOf({
    version: SCHEMA_VERSION,
    encoder,
    original: source.digest,
    composite: source.composite,
    format,
    ...operations,
  })
  return { key, format, ...operations, verbatim: false }
}

function digestOf(value: Readonly<Record<string, string | number | boolean>>): Digest {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
