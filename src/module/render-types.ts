import type { ImageId } from '../manifest/image-id.ts'
import type { Manifest, ManifestImage, OutputSettings, RasterFormat } from '../manifest/manifest.ts'
import { planNamedFile } from '../renditions/plan-named-file.ts'
import { isTransparent } from '../renditions/plan-renditions.ts'
import type { FilePlan, PlannedFile } from '../renditions/rendition.ts'
import { sha256 } from '../system/digest.ts'
import { assembleAsset, type DepictedFiles } from './assemble-asset.ts'
import type { ImageAsset } from './image-asset.ts'
import type { ModuleTemplate } from './image-template.ts'
import { ANY_PIXELS, ANY_URL, renderAssetType } from './render-asset-type.ts'
import { standInPlaceholder } from './stand-in-placeholder.ts'

/** The first words of every written file: only files that begin with them are replaced or removed. */
export const TYPES_MARKER = '// Written by imagegen'

const FINGERPRINT = /^\/\/ Fingerprint: ([0-9a-f]{16})\r?\n/m

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
 * @param planOf the files of an image's picture, if it is known
 */
export function renderTypes(
  manifest: Manifest,
  planOf: (picture: ImageId, output: OutputSettings) => FilePlan | undefined,
): string {
  const images = manifest.images.map((image): TypedImage => {
    const assets = foreseenAssets(image, planOf)
    const { id, exportName } = image
    const doc = renderDoc(image, assets[0])
    return { name: id.name, exportName, doc, type: renderAssetType(assets) }
  })
  return render(manifest, blocksOf(manifest.single, images))
}

/**
 * The types of a module as it is built. A library publishes them, so that they contain no prompts.
 */
export function renderPublicTypes({ single, images }: ModuleTemplate): string {
  const typed = images.map((image): TypedImage => {
    const { id, exportName, assemble } = image
    const type = renderAssetType([assemble(() => ANY_URL)])
    return { name: id.name, exportName, doc: '', type }
  })
  return joinBlocks(blocksOf(single, typed))
}

/**
 * The output of {@link renderTypes} as the types of a module that is imported by another name than
 * a path, wherever the file lies. Pure.
 */
export function toAmbientModule(types: string, module: string): string {
  const [head = '', ...blocks] = types.split('\n\n')
  const body = blocks.join('\n\n').trimEnd()
  const inner = body.replace(/^(export )?declare const /gm, '$1const ')
  return `${head}\n\ndeclare module ${JSON.stringify(module)} {\n${indent(inner)}\n}\n`
}

/** The output of {@link renderTypes} without the prompts in its comments. */
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
 * Whether a written file is up to date, even if a formatter has changed its layout. Files of 0.1.0
 * have no fingerprint: their text is compared, whatever line ends git gave them.
 */
export function sameTypes(written: string, expected: string): boolean {
  const fingerprint = FINGERPRINT.exec(written)?.[1]
  if (fingerprint !== undefined) return fingerprint === FINGERPRINT.exec(expected)?.[1]
  return written.replaceAll('\r\n', '\n') === expected.replace(FINGERPRINT, '')
}

/** Whether a written file is of 0.1.0, and up to date but for `alpha`, which that did not know. */
export function isCurrentWithoutAlpha(written: string, expected: string): boolean {
  return (
    !FINGERPRINT.test(written) &&
    sameTypes(written, expected.replace(/^ *readonly alpha\?: true\n/gm, ''))
  )
}

/** `src/hero.image.yaml` → `src/hero.image.d.yaml.ts`. */
export function typesPathOf(manifest: string): string {
  return manifest.replace(/\.(ya?ml)$/, '.d.$1.ts')
}

/** Every form that an image's asset may take: one form once its pictures are known. */
function foreseenAssets(
  { id, output, alt, variants = [] }: ManifestImage,
  planOf: (picture: ImageId, output: OutputSettings) => FilePlan | undefined,
): readonly [ImageAsset, ...ImageAsset[]] {
  const own = foreseenFiles(output, planOf(id, output))
  const foreseen = variants.map(({ name, media, picture, output }) => {
    const files = foreseenFiles(output, planOf(picture, output))
    return { name, media, files }
  })
  const assetWith = (form: 'fullest' | 'barest'): ImageAsset =>
    assembleAsset(
      {
        ...own[form],
        alt,
        variants: foreseen.map(({ name, media, files }) => ({ name, media, ...files[form] })),
      },
      () => ANY_URL,
    )
  return [assetWith('fullest'), assetWith('barest')]
}

type ForeseenFiles = DepictedFiles<PlannedFile>

/** The forms that have most and fewest members. Whether a picture has transparent pixels is never known here. */
function foreseenFiles(
  output: OutputSettings,
  known: FilePlan | undefined,
): { readonly fullest: ForeseenFiles; readonly barest: ForeseenFiles } {
  const filesOf = (plan: FilePlan): ForeseenFiles => ({
    plan,
    placeholder: standInPlaceholder(plan.placeholder),
  })
  const between = (fullest: FilePlan, barest = fullest) => ({
    fullest: { ...filesOf(fullest), alpha: isTransparent(fullest, true) },
    barest: filesOf(barest),
  })
  if (known) return between(known)
  const formats = output.formats?.length ? [...new Set(output.formats)] : (['png'] as const)
  const file = (format: RasterFormat): PlannedFile => ({
    format,
    width: ANY_PIXELS,
    height: ANY_PIXELS,
    verbatim: false,
  })
  const placeholder = output.placeholder ?? 'none'
  const unknown = { width: ANY_PIXELS, height: ANY_PIXELS }
  const files = output.files?.map(named => planNamedFile(unknown, named, output, {}))
  const others = { placeholder, ...(files && { files }) }
  const single = { formats: formats.map(format => [file(format)] as const), ...others }
  // Widths above the original's will be dropped, and the original's is not known yet.
  const widths = output.width === undefined ? output.widths : [1, ...(output.densities ?? [])]
  if (new Set(widths).size < 2) return between(single)
  const double = formats.map(format => [file(format), file(format)] as const)
  return between({ formats: double, ...others }, single)
}

/** A long prompt would fill the editor's window. */
const LONGEST_PROMPT = 800

function renderDoc({ prompt, size }: ManifestImage, { width, height }: ImageAsset): string {
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
 * Keeps text inside its comment, and free of tags. The `> ` before each line already keeps `@` from
 * the beginning of a line.
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
