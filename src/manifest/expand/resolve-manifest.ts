import type { Manifest, ManifestImage } from '../manifest.ts'
import type { ManifestOptions } from '../manifest-options.ts'
import { DEFAULT_SIZE } from '../schema/request-schema.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import { singleImageName } from '../single-image-name.ts'
import { suggestSize } from '../sizes.ts'
import { withoutBlanksAtLineEnds } from '../source/as-written.ts'
import type { Faults } from '../source/faults.ts'
import { type ExpandedImage, expandImages } from './expand-images.ts'
import { defaultLayers, excerptOf, merge, type Placed, pick, placeOf, tokenSpan } from './layers.ts'
import { checkParams } from './params.ts'
import { checkFiles, resolveOutput } from './resolve-output.ts'
import { createReferenceResolver } from './resolve-references.ts'
import { fillVariables } from './variables.ts'

/** Characters of prompts and alternative texts that one manifest may have, style and variables put in. */
const MAX_TEXT_LENGTH = 64 * 1024 * 1024

export interface ParsedTexts {
  readonly own: ParsedText
  /** What the manifest extends, the farthest first. */
  readonly bases: readonly ParsedText[]
}

/**
 * Applies `extends`, `defaults`, `matrix` and variables.
 *
 * @param file Absolute path of the manifest.
 */
export function resolveManifest(
  { own, bases }: ParsedTexts,
  file: string,
  options: ManifestOptions,
  faults: Faults,
): Manifest {
  const path = own.yaml.source.file
  const below = defaultLayers([...bases, own])
  const expanded = expandImages(own, below, singleImageName(file), faults)
  const references = createReferenceResolver({ own, expanded, file, root: options.root, faults })
  for (const layer of below) checkParams(layer, faults)

  const told = new Set<string>()
  const resolved: { readonly image: ExpandedImage; readonly result: ManifestImage }[] = []
  let length = 0
  for (const image of expanded) {
    const result = resolveImage(image)
    length += result.prompt.length + (result.alt?.length ?? 0)
    if (length > MAX_TEXT_LENGTH) {
      const message = `The texts of this manifest's images are longer than ${MAX_TEXT_LENGTH} characters together.`
      const hint = 'Shorten what all of them share, or spread them over several manifests.'
      faults.add(own.yaml.source.diagnostic(image.span, message, hint))
      break
    }
    resolved.push({ image, result })
  }
  checkFiles(resolved, faults)
  return {
    path,
    single: own.written.images === undefined && own.written.matrix === undefined,
    images: resolved.map(({ result }) => result),
    extends: bases.map(({ yaml }) => yaml.source.file),
  }

  function resolveImage(image: ExpandedImage): ManifestImage {
    const { name, exportName, layers, variables, at } = image
    const fill = (placed: Placed<string>) =>
      fillVariables(placed.value, variables, ({ occurrence, message, hint }) => {
        // Thousands of images may share a text, and finding its place takes the text's length.
        const fault = [placed.yaml.source.file, ...placed.path, occurrence, message].join('\n')
        if (told.has(fault)) return
        told.add(fault)
        faults.add(placed.yaml.source.diagnostic(tokenSpan(placed, occurrence), message, hint))
      })
    checkParams(image.own, faults)

    const prompt = pick(layers, 'prompt')
    const style = pick(layers, 'style')
    const model = pick(layers, 'model')
    const alt = pick(layers, 'alt')
    const size = pick(layers, 'size')
    if (size && !options.acceptsSize(size.value)) {
      const message = `size ${JSON.stringify(size.value)} is not one that the API makes.`
      const span = size.yaml.valueSpan(size.path)
      faults.add(size.yaml.source.diagnostic(span, message, suggestSize(size.value)))
    }
    const parts = [prompt ? fill(prompt) : '', style ? fill(style) : ''].map(withPlainLineEnds)
    const sent = joinParts(parts.map(withoutBlanksAtLineEnds))
    const earlier = joinParts(parts)
    const params = merge(layers, 'params')
    const fileAt = placeOf(layers, 'output', 'file')
    return {
      id: { manifest: path, name },
      exportName,
      prompt: sent,
      size: size?.value ?? DEFAULT_SIZE,
      ...(model && { model: model.value }),
      references: references.resolve(image, fill),
      revision: pick(layers, 'revision')?.value ?? 1,
      params,
      ...(alt && { alt: fill(alt) }),
      output: resolveOutput(image, options.output, fill, faults),
      ...(earlier !== sent && { earlier: { prompt: earlier, params } }),
      at,
      ...(fileAt && { fileAt: excerptOf(fileAt) }),
    }
  }
}

/** White space around a text asks for no other picture. */
function joinParts(parts: readonly string[]): string {
  return parts
    .map(part => part.trim())
    .filter(Boolean)
    .join('\n\n')
}

/** Nor do the line ends of the system that it was written on. */
function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
