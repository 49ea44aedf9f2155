import type { Manifest, ManifestImage, RasterFormat } from '../manifest/manifest.ts'
import type { FilePlan } from '../renditions/rendition.ts'
import { sha256 } from '../system/digest.ts'
import type { ImageTemplate, ModuleTemplate } from './image-template.ts'

/** First words of every written file: only files that begin with them are ever replaced or removed. */
export const TYPES_MARKER = '// Written by imagegen'

const FINGERPRINT = /^\/\/ Fingerprint: ([0-9a-f]{16})\r?\n/m

/** What the types of one image can promise. */
interface Shape {
  readonly format: RasterFormat
  /** Pixels of `src`; absent while the original is not there. */
  readonly width?: number
  readonly height?: number
  readonly srcset: 'always' | 'maybe' | 'never'
  /** MIME types, best first; more than one. */
  readonly sources: readonly string[]
  readonly placeholder: FilePlan['placeholder']
  readonly alt?: string | undefined
}

/** One image of a module of types. */
interface TypedImage {
  readonly name: string
  readonly exportName: string
  /** A comment, or nothing. */
  readonly doc: string
  readonly type: string
}

/**
 * The exact types of a manifest's module, for `hero.image.d.yaml.ts`. Pure, and the same for the
 * same input, byte for byte.
 * @param planOf the files of an image whose original is known
 */
export function renderTypes(
  manifest: Manifest,
  planOf: (image: ManifestImage) => FilePlan | undefined,
): string {
  const images = manifest.images.map((image): TypedImage => {
    const shape = shapeOf(image, planOf(image))
    const { id, exportName } = image
    return { name: id.name, exportName, doc: renderDoc(image, shape), type: renderShape(shape) }
  })
  return render(manifest, blocksOf(manifest.single, images))
}

/**
 * The types of a module as it is built. They are published with a library, so that no prompt stands
 * in them.
 */
export function renderPublicTypes({ single, images }: ModuleTemplate): string {
  const typed = images.map((image): TypedImage => {
    const { id, exportName } = image
    return { name: id.name, exportName, doc: '', type: renderShape(builtShapeOf(image)) }
  })
  return joinBlocks(blocksOf(single, typed))
}

/** What {@link renderTypes} wrote, without the prompts in its comments. */
export function withoutDocs(types: string): string {
  return types.replace(/^ *\/\*\*[\s\S]*?\*\/\r?\n/gm, '')
}

function blocksOf(single: boolean, images: readonly TypedImage[]): readonly string[] {
  const [first] = images
  if (single && first) {
    return [`${first.doc}declare const image: ${first.type}`, 'export default image']
  }
  const record = unusedName(images.map(image => image.exportName))
  const members = images.map(
    ({ name, exportName, doc }) =>
      `${indent(doc)}  readonly ${JSON.stringify(name)}: typeof ${exportName}`,
  )
  return [
    ...images.map(
      ({ exportName, doc, type }) => `${doc}export declare const ${exportName}: ${type}`,
    ),
    `declare const ${record}: {\n${members.join('\n')}\n}`,
    `export default ${record}`,
  ]
}

function render({ path }: Manifest, blocks: readonly string[]): string {
  const body = joinBlocks(blocks)
  const fingerprint = sha256(body).slice(0, 16)
  const head = `${TYPES_MARKER} from ${path}. Edits are lost.`
  return `${head}\n// Fingerprint: ${fingerprint}\n\n${body}`
}

/**
 * Whether a written file says what it should, however a formatter laid it out since. Files of 0.1.0
 * have no fingerprint; those count by their text, with whatever line ends git gave them.
 */
export function sameTypes(written: string, expected: string): boolean {
  const fingerprint = FINGERPRINT.exec(written)?.[1]
  if (fingerprint !== undefined) return fingerprint === FINGERPRINT.exec(expected)?.[1]
  return written.replaceAll('\r\n', '\n') === expected.replace(FINGERPRINT, '')
}

/** `src/hero.image.yaml` → `src/hero.image.d.yaml.ts`. */
export function typesPathOf(manifest: string): string {
  return manifest.replace(/\.(ya?ml)$/, '.d.$1.ts')
}

function shapeOf({ output, alt }: ManifestImage, plan: FilePlan | undefined): Shape {
  if (plan) {
    const fallback = plan.formats.at(-1) ?? []
    const largest = fallback.at(-1)
    const formats = plan.formats.map(([rendition]) => rendition.format)
    return {
      format: formats.at(-1) ?? 'png',
      ...(largest && { width: largest.width, height: largest.height }),
      srcset: fallback.length > 1 ? 'always' : 'never',
      sources: sourcesOf(formats),
      placeholder: plan.placeholder,
      alt,
    }
  }
  const formats = [...new Set(output.formats ?? [])]
  return {
    format: formats.at(-1) ?? 'png',
    // Widths above the original's are dropped, and nobody knows yet which these are.
    srcset: (output.widths?.length ?? 0) > 1 ? 'maybe' : 'never',
    sources: sourcesOf(formats),
    placeholder: output.placeholder ?? 'none',
    alt,
  }
}

function sourcesOf(formats: readonly RasterFormat[]): readonly string[] {
  return formats.length > 1 ? formats.map(format => `image/${format}`) : []
}

function builtShapeOf(image: ImageTemplate): Shape {
  const { format, width, height, srcset, sources = [], placeholder, alt } = image
  const kind = placeholder?.dataUrl ? 'blur' : placeholder?.thumbhash ? 'thumbhash' : 'color'
  return {
    format,
    width,
    height,
    srcset: srcset ? 'always' : 'never',
    sources: sources.map(({ type }) => type),
    placeholder: placeholder ? kind : 'none',
    alt,
  }
}

function renderShape({ format, width, height, srcset, sources, placeholder, alt }: Shape): string {
  const members = [
    'src: string',
    `width: ${width ?? 'number'}`,
    `height: ${height ?? 'number'}`,
    `format: '${format}'`,
    `type: 'image/${format}'`,
  ]
  if (srcset !== 'never') members.push(srcset === 'always' ? 'srcset: string' : 'srcset?: string')
  if (sources.length > 0) members.push(`sources: ${renderSources(sources)}`)
  if (placeholder !== 'none') members.push(`placeholder: ${renderPlaceholder(placeholder)}`)
  if (alt !== undefined) members.push(`alt: ${JSON.stringify(alt)}`)
  return `{\n${members.map(member => `  readonly ${member}`).join('\n')}\n}`
}

function renderSources(types: readonly string[]): string {
  const sources = types.map(type => `{ readonly type: '${type}'; readonly srcset: string }`)
  return `readonly [\n${sources.map(source => `    ${source},`).join('\n')}\n  ]`
}

function renderPlaceholder(kind: Exclude<Shape['placeholder'], 'none'>): string {
  const members = {
    color: 'readonly color: string',
    blur: 'readonly color: string; readonly dataUrl: string',
    thumbhash: 'readonly color: string; readonly thumbhash: string',
  }
  return `{ ${members[kind]} }`
}

/** A long prompt would fill the editor's window. */
const LONGEST_PROMPT = 800

function renderDoc({ prompt, size }: ManifestImage, { width, height }: Shape): string {
  const text = prompt.length > LONGEST_PROMPT ? `${prompt.slice(0, LONGEST_PROMPT)}…` : prompt
  const pixels = width && height ? `${width}×${height} pixels` : `not generated yet`
  const lines = [
    ...text.split(/\r\n|[\n\r\u2028\u2029]/).map(line => `> ${escapeComment(line)}`),
    '',
    `Asked for as \`${escapeComment(size)}\`; ${pixels}.`,
  ]
  return `/**\n${lines.map(line => ` * ${line}`.trimEnd()).join('\n')}\n */\n`
}

/**
 * Keeps text inside its comment, and from being read as a tag: `> ` before each line already takes
 * `@` from a line's beginning.
 */
function escapeComment(text: string): string {
  return text.replaceAll('*/', '*\\/').replaceAll('{@', '{ @')
}

function unusedName(taken: readonly string[]): string {
  let name = 'images'
  while (taken.includes(name)) name = `_${name}`
  return name
}

function indent(block: string): string {
  return block.replace(/^(?=.)/gm, '  ')
}

function joinBlocks(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`
}
