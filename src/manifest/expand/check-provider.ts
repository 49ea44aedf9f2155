import { suggest } from '../../text/suggest.ts'
import type { ManifestReference } from '../manifest.ts'
import type { ManifestOptions, ProviderAbilities } from '../manifest-options.ts'
import { acceptsSize, suggestSize } from '../sizes.ts'
import type { Faults } from '../source/faults.ts'
import type { ExpandedImage } from './expanded-image.ts'
import { type Placed, pick } from './layers.ts'

/** Finds the provider of an image. One that there is not is a fault; the image is then judged no further. */
export function findAbilities(
  { layers }: ExpandedImage,
  { provider, providers = {} }: ManifestOptions,
  faults: Faults,
): ProviderAbilities | undefined {
  const named = pick(layers, 'provider')
  if (!named) return provider
  if (Object.hasOwn(providers, named.value)) return providers[named.value]
  const known = Object.keys(providers)
  report(
    named,
    `The options have no provider ${JSON.stringify(named.value)}.`,
    suggest(named.value, known) ?? 'Add it to the option `providers`, or remove `provider`.',
    faults,
  )
  return undefined
}

/** What a provider does not make or take is a fault, before anything is sent to it. */
export function checkAbilities(
  image: ExpandedImage,
  references: readonly ManifestReference[],
  abilities: ProviderAbilities,
  faults: Faults,
): void {
  const { label, sizes, models } = abilities
  const size = pick(image.layers, 'size')
  if (size && !acceptsSize(sizes, size.value)) {
    const message = `${upperFirst(label)} does not support the size ${JSON.stringify(size.value)}.`
    report(size, message, suggestSize(size.value, sizes), faults)
  }
  const model = pick(image.layers, 'model')
  if (model && models && !models.includes(model.value)) {
    const message = `${upperFirst(label)} does not have the model ${JSON.stringify(model.value)}.`
    report(model, message, `Possible: ${models.join(', ')}.`, faults)
  }
  checkFiles(image, references, abilities, faults)
}

function checkFiles(
  { own }: ExpandedImage,
  references: readonly ManifestReference[],
  { label, files, masks }: ProviderAbilities,
  faults: Faults,
): void {
  const { yaml } = own
  const path = [...own.path, 'references']
  if (references.length > 0 && !files) {
    const message = `${upperFirst(label)} does not accept reference pictures.`
    report(
      { yaml, path, value: undefined },
      message,
      'Remove them, or name another `provider`.',
      faults,
    )
    return
  }
  if (references[0]?.mask === undefined || masks) return
  const place = { yaml, path: [...path, 0, 'mask'], value: undefined }
  const message = `${upperFirst(label)} does not accept masks.`
  report(place, message, 'Remove the mask, or name another `provider`.', faults)
}

function report(place: Placed<unknown>, message: string, hint: string, faults: Faults): void {
  faults.add(place.yaml.source.diagnostic(place.yaml.valueSpan(place.path), message, hint))
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
