import type { ManifestImage, SentText } from '../manifest.ts'
import type { ManifestOptions } from '../manifest-options.ts'
import { PROMPT_HINT } from '../schema/manifest-subject.ts'
import { DEFAULT_SIZE } from '../schema/request-schema.ts'
import { withoutBlanksAtLineEnds } from '../source/as-written.ts'
import type { Faults } from '../source/faults.ts'
import { checkAbilities, findAbilities } from './check-provider.ts'
import type { ExpandedImage } from './expanded-image.ts'
import { excerptOf, type Layer, merge, type Placed, pick, placeOf, tokenSpan } from './layers.ts'
import { resolveOutput } from './output/resolve-output.ts'
import { resolveVariants } from './output/resolve-variants.ts'
import { checkParams } from './params.ts'
import type { ReferenceResolver } from './references/resolve-references.ts'
import { fillVariables, type Scope } from './variables.ts'

export interface ImageContext {
  /** Manifest path relative to the project root. */
  readonly manifest: string
  readonly options: ManifestOptions
  readonly references: ReferenceResolver
  readonly faults: Faults
  /** Faults of variables that are reported already. */
  readonly told: Set<string>
}

/** Applies the layers of an image. */
export function resolveImage(image: ExpandedImage, context: ImageContext): ManifestImage {
  const { name, exportName, layers, variables, own, at } = image
  const { manifest, options, references, faults } = context
  const fill = (placed: Placed<string>) => fillPlaced(placed, variables, context)
  checkParams(own, faults)
  const provider = pick(layers, 'provider')
  const model = pick(layers, 'model')
  const alt = pick(layers, 'alt')
  const { earlier, ...sent } = resolveText(layers, fill)
  const fileAt = placeOf(layers, 'output', 'file') ?? placeOf(layers, 'output', 'files')
  const resolved = references.resolve(image, fill)
  const source = references.resolveSource(image, fill)
  checkContent(image, context)
  const abilities = own.fields.source === undefined && findAbilities(image, options, faults)
  if (abilities) checkAbilities(image, resolved, abilities, faults)
  const size = pick(layers, 'size')?.value ?? DEFAULT_SIZE
  const output = resolveOutput(image, { options: options.output, size, fill, faults })
  const variants = resolveVariants(image, {
    manifest,
    output,
    faults,
    fill,
    checkName: (named, place) => references.checkName(named, place, image),
  })
  return {
    id: { manifest, name },
    exportName,
    ...sent,
    size,
    ...(provider && { provider: provider.value }),
    ...(model && { model: model.value }),
    ...(source && { source }),
    references: resolved,
    revision: pick(layers, 'revision')?.value ?? 1,
    ...(alt && { alt: fill(alt) }),
    output,
    ...(variants && { variants }),
    ...(earlier !== sent.prompt && { earlier: { ...sent, prompt: earlier } }),
    at,
    ...(fileAt && { fileAt: excerptOf(fileAt) }),
  }
}

/** An image is made from something. */
function checkContent({ own, writtenName, span }: ExpandedImage, context: ImageContext): void {
  const { prompt, source } = own.fields
  const { faults, told } = context
  const message = `Image \`${writtenName}\` has no \`prompt\`.`
  // At the root it is no manifest, which is told already.
  if (prompt !== undefined || source !== undefined || own.path.length === 0) return
  if (told.has(message)) return
  told.add(message)
  faults.add(own.yaml.source.diagnostic(span, message, PROMPT_HINT))
}

function fillPlaced(placed: Placed<string>, variables: Scope, { faults, told }: ImageContext) {
  return fillVariables(placed.value, variables, ({ occurrence, message, hint }) => {
    // Thousands of images may share a text, and finding the place reads all of it.
    const fault = [placed.yaml.source.file, ...placed.path, occurrence, message].join('\n')
    if (told.has(fault)) return
    told.add(fault)
    faults.add(placed.yaml.source.diagnostic(tokenSpan(placed, occurrence), message, hint))
  })
}

/** What to send, and the prompt that 0.1.0 sent. */
function resolveText(
  layers: readonly Layer[],
  fill: (text: Placed<string>) => string,
): SentText & { readonly earlier: string } {
  const prompt = pick(layers, 'prompt')
  const style = prompt && pick(layers, 'style')
  const parts = [prompt ? fill(prompt) : '', style ? fill(style) : ''].map(withPlainLineEnds)
  return {
    prompt: joinParts(parts.map(withoutBlanksAtLineEnds)),
    params: merge(layers, 'params'),
    earlier: joinParts(parts),
  }
}

/** White space around a text makes no different request. */
function joinParts(parts: readonly string[]): string {
  return parts
    .map(part => part.trim())
    .filter(Boolean)
    .join('\n\n')
}

/** Nor do the line ends of the author's system. */
function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
