import type { GalleryFieldFault } from '../../../data/gallery-exchanges.ts'
import { isWithin } from './typed-fields.ts'
import type { WordsForm } from './words-form.ts'
import type { FieldPath, WordsSchema } from './words-schema.ts'

export interface FormField {
  readonly path: FieldPath
  readonly label: string
  /** A text of several lines. */
  readonly isLong?: boolean
}

/** Fields that stand together. */
export interface FormSection {
  readonly title: string
  /** What all of its fields are in; empty for those of the image itself. */
  readonly owner: FieldPath
  readonly fields: readonly FormField[]
  /** What nothing is written in; shown when somebody asks. */
  readonly others: readonly FormField[]
  /** Label of the choice of {@link others}. */
  readonly adding: string
  /** Can be removed as a whole. */
  readonly isVariant?: boolean
}

const REQUEST_FIELDS: readonly FormField[] = [
  { path: ['references'], label: 'References' },
  { path: ['model'], label: 'Model' },
  { path: ['provider'], label: 'Provider' },
  { path: ['params'], label: 'Parameters' },
  { path: ['revision'], label: 'Revision' },
  { path: ['vars'], label: 'Variables' },
]

/** The form as its fields stand now. Pure, but for the signals that it reads. */
export function planSections(form: WordsForm): readonly FormSection[] {
  const isSource = form.words.value?.fields.source !== undefined
  const schema = form.schema.value
  return [
    section(form, { title: 'Words', owner: [], adding: '' }, ownFields(isSource), true),
    ...(isSource
      ? []
      : [
          section(
            form,
            { title: 'Request', owner: [], adding: 'Add a request setting' },
            REQUEST_FIELDS,
          ),
        ]),
    section(
      form,
      { title: 'Output', owner: ['output'], adding: 'Add an output setting' },
      outputFields(schema?.output, ['output']),
    ),
    ...variantNames(form).map(name => variantSection(form, name)),
  ]
}

function ownFields(isSource: boolean): readonly FormField[] {
  const alt = { path: ['alt'], label: 'Alt text' }
  if (isSource) return [{ path: ['source'], label: 'Source' }, alt]
  return [
    { path: ['prompt'], label: 'Prompt', isLong: true },
    { path: ['style'], label: 'Style', isLong: true },
    { path: ['size'], label: 'Size' },
    alt,
  ]
}

function outputFields(known: WordsSchema['output'] | undefined, owner: FieldPath) {
  return [...(known?.keys() ?? [])].map(
    (name): FormField => ({ path: [...owner, name], label: `output.${name}` }),
  )
}

/** Those that are written, and those that were added. */
export function variantNames({ words, typed, added, isShown }: WordsForm): readonly string[] {
  const written = words.value?.fields.variants
  const isMapping = typeof written === 'object' && written !== null && !Array.isArray(written)
  const paths = [...[...typed.value.values()].map(({ path }) => path), ...added.value]
  const others = paths.flatMap(([owner, name]) =>
    owner === 'variants' && name !== undefined ? [name] : [],
  )
  const names = new Set([...(isMapping ? Object.keys(written) : []), ...others])
  return [...names].filter(name => isShown(['variants', name]))
}

function variantSection(form: WordsForm, name: string): FormSection {
  const owner = ['variants', name]
  const media = { path: [...owner, 'media'], label: 'Media query' }
  const others = [
    { path: [...owner, 'image'], label: 'Other image' },
    ...outputFields(form.schema.value?.variantOutput, [...owner, 'output']),
  ]
  const adding = `Add a setting of ${name}`
  const plain = section(form, { title: `Variant ${name}`, owner, adding, isVariant: true }, others)
  return { ...plain, fields: [media, ...plain.fields] }
}

function section(
  form: WordsForm,
  about: Omit<FormSection, 'fields' | 'others'>,
  fields: readonly FormField[],
  areAllShown = false,
): FormSection {
  const isShown = ({ path }: FormField): boolean => areAllShown || form.isShown(path)
  return {
    ...about,
    fields: fields.filter(isShown),
    others: fields.filter(field => !isShown(field)),
  }
}

/** Those of a section that none of its fields shows. */
export function sectionFaults(
  faults: readonly GalleryFieldFault[],
  { owner, fields }: FormSection,
): readonly GalleryFieldFault[] {
  if (owner.length === 0) return []
  return faults.filter(
    ({ path }) =>
      path && isWithin(path, owner) && !fields.some(field => isWithin(path, field.path)),
  )
}

/** Those that no section shows, so that none goes unseen. */
export function otherFaults(
  faults: readonly GalleryFieldFault[],
  sections: readonly FormSection[],
): readonly GalleryFieldFault[] {
  const places = sections.flatMap(({ fields, owner }) => [
    ...fields.map(({ path }) => path),
    ...(owner.length > 0 ? [owner] : []),
  ])
  return faults.filter(({ path }) => !path || !places.some(place => isWithin(path, place)))
}
