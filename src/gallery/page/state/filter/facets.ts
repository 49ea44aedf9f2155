import type { GalleryImage } from '../../../data/gallery-data.ts'
import { formatName, formatSize } from '../format.ts'
import { frameOf, realSize } from '../gallery-state.ts'
import type { ImageUsage } from './image-usage.ts'

/** What is known of images beside their own data. */
export interface FilterContext {
  /** Undefined as long as it is not known which modules use which images. */
  readonly usage?: ImageUsage | undefined
}

export interface Facet {
  readonly label: string
  /** The choice that leaves nothing out. */
  readonly all: string
  /** In this order; else by their words. */
  readonly order?: readonly string[]
  /** Undefined: it is not known. */
  read(image: GalleryImage, context: FilterContext): string | undefined
  /** A value in words. */
  describe(value: string): string
}

const asItIs = (value: string): string => value
const capitalized = (value: string): string => value.charAt(0).toUpperCase() + value.slice(1)

/** The most that a picture of each choice costs, in the project's currency. */
const COSTS = ['0.01', '0.02', '0.05', '0.10', '0.25']

/** By what images can be chosen beside their words and their state. */
export const FACETS = {
  manifest: {
    label: 'Manifest',
    all: 'All manifests',
    read: ({ id }) => id.manifest,
    describe: asItIs,
  },
  size: { label: 'Size', all: 'Any size', read: realSize, describe: formatSize },
  aspect: {
    label: 'Aspect',
    all: 'Any aspect',
    order: ['landscape', 'square', 'portrait'],
    read: aspectOf,
    describe: capitalized,
  },
  format: {
    label: 'Format',
    all: 'Any format',
    read: ({ picture }) => picture?.format ?? 'none',
    describe: value => (value === 'none' ? 'No picture' : formatName(value)),
  },
  provider: {
    label: 'Provider',
    all: 'Any provider',
    read: ({ provider, source }) => (source === undefined ? (provider ?? 'default') : undefined),
    describe: capitalized,
  },
  model: {
    label: 'Model',
    all: 'Any model',
    read: ({ model, source }) => (source === undefined ? model : undefined),
    describe: asItIs,
  },
  cost: {
    label: 'Cost',
    all: 'Any cost',
    order: [...COSTS, 'more', 'unknown'],
    read: costOf,
    describe: value =>
      COSTS.includes(value) ? `Up to ${value}` : value === 'more' ? 'More than 0.25' : 'Unknown',
  },
  use: {
    label: 'Use',
    all: 'Used or not',
    order: ['used', 'unused'],
    read: useOf,
    describe: capitalized,
  },
} as const satisfies Record<string, Facet>

export type FacetName = keyof typeof FACETS

export const FACET_NAMES = Object.keys(FACETS).filter((name): name is FacetName => name in FACETS)

function aspectOf(image: GalleryImage): string {
  const { width, height } = frameOf(image)
  if (Math.abs(width / height - 1) < 0.05) return 'square'
  return width > height ? 'landscape' : 'portrait'
}

/** Of the picture that is there, else of the one that would be requested. */
function costOf({ picture, price, source }: GalleryImage): string | undefined {
  if (source !== undefined) return undefined
  const cost = picture?.cost ?? price
  if (!cost) return 'unknown'
  return COSTS.find(most => cost.amount <= Number(most)) ?? 'more'
}

function useOf({ id }: GalleryImage, { usage }: FilterContext): string | undefined {
  if (!usage) return undefined
  return usage.usesOf(id).length > 0 ? 'used' : 'unused'
}
